"""What each action of the table does."""
