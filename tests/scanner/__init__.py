"""Tests of the pocket scanner: the protocol, the conversation, real ports as far as a pseudo terminal is one."""
