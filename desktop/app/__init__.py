"""Run the engine: the services that live as long as the app."""
