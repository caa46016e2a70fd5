"""Text in, text out: reads the files that people bring and writes those they take away; judges nothing."""
