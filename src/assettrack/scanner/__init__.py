"""The pocket scanner: an Opticon OPN-200x on a serial port, and one that is made of software.

`protocol` and what stands under it (`frames`, `replies`, `device_times`, `parameters`, `symbologies`) turn bytes into
values and back: no port, no clock. `link` leads the conversation over anything that can be read and written, `device`
opens real ports, `emulator` answers as a scanner would. Nothing here knows the database, and nothing clears a scanner
without a proof that what it holds is stored.
"""
