"""Answer the windows' requests to the engine (`ui.controllers.actions`), one module per subject."""
