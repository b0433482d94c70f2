"""Model endpoints: the adapters behind the provider port. Import from the modules; this one stays light."""
