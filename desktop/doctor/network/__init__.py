"""Why a service is slow: every part of the way to it measured by itself, and then a verdict in a sentence.

What can be slow is the name's lookup, the round trip, the handshakes, something in between that rewrites them, the
upload, the service's queue, the account's limit, or we ourselves; what helps is another thing each time. So `probe`
measures them one by one, with sockets of its own and with the app's own client, `told` reads what the answers say of
themselves, and `verdict` decides, purely. `report` is what a person or a program reads.

Everything that is asked is free, but for the upload (`--upload`): it sends noise to be transcribed, which a service
charges as it does speech.
"""
