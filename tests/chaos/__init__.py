"""Pages run while the bot is killed, Slack fails and the database goes away; then it is counted.

`python -m tests.chaos` runs every variant; `test_short.py` a short one.  What has to be true
at the end is worked out from two sides that know nothing of each other: the rows of the
database, and what arrived outside (Slack's journal, mails, webhooks).
"""
