-- How far the log of the station was seen when something was kept here last, and the checkpoint in which it ended.
CREATE TABLE desk_log(
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    size INTEGER NOT NULL CHECK (size > 0),
    note TEXT NOT NULL
) STRICT;
