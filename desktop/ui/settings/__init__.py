"""The settings: `window` is the frame, `page` what a section is made of, and every other module one section."""
