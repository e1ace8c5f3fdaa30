"""Start the language model's process for an app of version 0.1 that still runs while this one is installed."""

from desktop.llm.local_worker import main

if __name__ == "__main__":
    main()
