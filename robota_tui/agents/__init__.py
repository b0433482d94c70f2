"""One agent: its messages, memory, configuration, templates, tools, plugins, and the turns it takes."""
