"""Start the recognizer's process for an app of version 0.1 that still runs while this one is installed."""

from desktop.stt.local.worker import main

if __name__ == "__main__":
    main()
