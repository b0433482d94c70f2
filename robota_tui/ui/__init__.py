"""The screen: Textual and Rich live here, and only here."""
