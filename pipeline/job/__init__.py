"""The job: joins the stages, which never call one another, over the database in which they meet.

Nothing is imported here: a command loads the part that it needs, and only those that read judgments load the rules.
"""
