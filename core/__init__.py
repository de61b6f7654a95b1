"""The paging engine: services write rows, the engine reads rows, channels reach people."""
