"""Texts about services and connections."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Addresses and keys
    "service-address-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The address in {key} cannot be used."),
        QT_TRANSLATE_NOOP("messages", "Mend it: `intone settings set {key} ADDRESS`."),
        command="intone settings set {key} ADDRESS",
    ),
    "polish-key-needless": Text(
        QT_TRANSLATE_NOOP("messages", "The model that polishes is on this machine, and needs no key.")
    ),
    "service-key-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no key for {service}."),
        QT_TRANSLATE_NOOP(
            "messages", "Enter it in the settings (Speech or Network), or in a terminal: intone key set {name}"
        ),
        command="intone key set {name}",
    ),
    "service-key-unencrypted": Text(
        QT_TRANSLATE_NOOP("messages", "The key for {service} would go to {host} unencrypted."),
        QT_TRANSLATE_NOOP("messages", "Use an https address, or allow it: intone settings set network.plain_keys on"),
        command="intone settings set network.plain_keys on",
    ),
    # On the way
    "host-not-found": Text(
        QT_TRANSLATE_NOOP("messages", "{host} was not found."),
        QT_TRANSLATE_NOOP("messages", "Is the network up, and does its DNS answer?"),
    ),
    "host-unreachable": Text(
        QT_TRANSLATE_NOOP("messages", "{host} cannot be reached."),
        QT_TRANSLATE_NOOP("messages", "Is the network up?"),
    ),
    "host-address-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "{host} is no address that can be asked."),
        QT_TRANSLATE_NOOP("messages", "Is the address right?"),
    ),
    "host-without-websocket": Text(
        QT_TRANSLATE_NOOP("messages", "{host} speaks no WebSocket here."),
        QT_TRANSLATE_NOOP("messages", "Is the address right?"),
    ),
    "connection-refused": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing answers at {host}."),
        QT_TRANSLATE_NOOP("messages", "Does the server run, and is the address right?"),
    ),
    "certificate-outside-its-time": Text(
        QT_TRANSLATE_NOOP("messages", "The certificate of {host} does not hold at this computer's time, {time}."),
        QT_TRANSLATE_NOOP("messages", "Is the clock right?"),
    ),
    "certificate-untrusted": Text(
        QT_TRANSLATE_NOOP("messages", "The certificate of {host} is not trusted ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Is something in between? Its own certificate can be named in SSL_CERT_FILE."),
    ),
    "certificates-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "SSL_CERT_FILE names {file}, which cannot be read as certificates."),
        QT_TRANSLATE_NOOP("messages", "Name a file that can, or take the variable away; then start Intone again."),
    ),
    "encryption-not-agreed": Text(
        QT_TRANSLATE_NOOP("messages", "{host} and this computer agree on no encryption."),
        QT_TRANSLATE_NOOP("messages", "Is something in between?"),
    ),
    "connection-broken": Text(
        QT_TRANSLATE_NOOP("messages", "The connection to {service} broke."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again in a moment."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again in a moment."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    "connection-ended": Text(
        QT_TRANSLATE_NOOP("messages", "{service} ended the connection ({reason})."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again in a moment."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again in a moment."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    "connection-end-code": Text(QT_TRANSLATE_NOOP("messages", "code {code}")),
    "connection-end-silent": Text(QT_TRANSLATE_NOOP("messages", "without a word")),
    "service-silent": Text(
        QT_TRANSLATE_NOOP("messages", "{service} did not answer in time."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again in a moment."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again in a moment."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    # Proxies
    "proxy-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The proxy in {source} cannot be used."),
        QT_TRANSLATE_NOOP(
            "messages", "Write it as http://HOST:PORT or socks5://HOST:PORT, or take it away; then start Intone again."
        ),
    ),
    "system-proxy-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The proxy in the settings of the system cannot be used."),
        QT_TRANSLATE_NOOP(
            "messages", "Write it as http://HOST:PORT or socks5://HOST:PORT, or take it away; then start Intone again."
        ),
    ),
    "system-settings": Text(QT_TRANSLATE_NOOP("messages", "the settings of the system")),
    "proxy-refusing": Text(
        QT_TRANSLATE_NOOP("messages", "The proxy does not let us through."),
        QT_TRANSLATE_NOOP("messages", "Check {source}, or the proxy itself."),
    ),
    "proxy-connection-refused": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing answers at the proxy in {source}."),
        QT_TRANSLATE_NOOP("messages", "Check {source}, or the proxy itself."),
    ),
    "host-or-proxy-not-found": Text(
        QT_TRANSLATE_NOOP("messages", "{host}, or the proxy in {source}, was not found."),
        QT_TRANSLATE_NOOP("messages", "Is the network up, and does its DNS answer?"),
    ),
    "host-unreachable-by-proxy": Text(
        QT_TRANSLATE_NOOP("messages", "{host} cannot be reached through the proxy in {source}."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again in a moment."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again in a moment."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    # Answers
    "openai-client-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The part of Intone that asks this service cannot be loaded."),
        QT_TRANSLATE_NOOP("messages", "Install Intone again. The log says why."),
    ),
    "openai-recording-unsendable": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Speech is sent live, but what is not answered cannot be sent again: the part of Intone that would send it "
            "again cannot be loaded.",
        ),
        QT_TRANSLATE_NOOP("messages", "Install Intone again. The log says why."),
    ),
    "service-models-retired": Text(
        QT_TRANSLATE_NOOP("messages", "Every speech model known here has been shut down by its maker."),
        QT_TRANSLATE_NOOP("messages", "Name another: intone settings set engines.{engine}.model NAME"),
        command="intone settings set engines.{engine}.model NAME",
    ),
    "service-answer-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "{service} gave an answer that makes no sense."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Is the address right?"),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Is the address right?"),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Is the address right?"),
    ),
    "service-key-refused": Text(
        QT_TRANSLATE_NOOP("messages", "{service} does not accept the key."),
        QT_TRANSLATE_NOOP(
            "messages", "Enter it again in the settings (Speech or Network), or in a terminal: intone key set {name}"
        ),
        command="intone key set {name}",
    ),
    "service-credit-spent": Text(
        QT_TRANSLATE_NOOP("messages", "The account at {service} is out of credit."),
        QT_TRANSLATE_NOOP("messages", "Add some there, or use another engine."),
    ),
    "service-access-denied": Text(
        QT_TRANSLATE_NOOP("messages", "{service} does not allow this."),
        QT_TRANSLATE_NOOP("messages", "May this key use this model, in this country?"),
    ),
    "service-access-denied-reason": Text(
        QT_TRANSLATE_NOOP("messages", "{service} does not allow this ({reason})."),
        QT_TRANSLATE_NOOP("messages", "May this key use this model, in this country?"),
    ),
    "service-model-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "{service} does not know this model or address."),
        QT_TRANSLATE_NOOP("messages", "Check both: intone settings list"),
        command="intone settings list",
    ),
    "service-model-unknown-reason": Text(
        QT_TRANSLATE_NOOP("messages", "{service} does not know this model or address ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check both: intone settings list"),
        command="intone settings list",
    ),
    "service-recording-too-long": Text(
        QT_TRANSLATE_NOOP("messages", "The recording is too long for {service}."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. The local engine can take it."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. The local engine can take it."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "The local engine can take it."),
    ),
    "service-busy": Text(
        QT_TRANSLATE_NOOP("messages", "{service} has had too many requests from this account."),
        QT_TRANSLATE_NOOP("messages", "Wait a moment. What you said is kept."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Wait a moment. Nothing was kept."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Wait a moment."),
    ),
    "service-busy-until": Text(
        QT_TRANSLATE_NOOP("messages", "{service} has had too many requests from this account."),
        QT_TRANSLATE_NOOP("messages", "It asks to wait {seconds} s. What you said is kept."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "It asks to wait {seconds} s. Nothing was kept."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "It asks to wait {seconds} s."),
    ),
    "service-overloaded": Text(
        QT_TRANSLATE_NOOP("messages", "{service} is busy."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again in a moment."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again in a moment."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    "service-overloaded-until": Text(
        QT_TRANSLATE_NOOP("messages", "{service} is busy."),
        QT_TRANSLATE_NOOP("messages", "It asks to wait {seconds} s. What you said is kept."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "It asks to wait {seconds} s. Nothing was kept."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "It asks to wait {seconds} s."),
    ),
    "service-failed": Text(
        QT_TRANSLATE_NOOP("messages", "{service} has a problem of its own (status {status})."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept. Try again in a moment."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept. Try again in a moment."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    "service-refusal": Text(
        QT_TRANSLATE_NOOP("messages", "{service} refused the request (status {status})."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    "service-refusal-reason": Text(
        QT_TRANSLATE_NOOP("messages", "{service} refused the request ({reason})."),
        QT_TRANSLATE_NOOP("messages", "What you said is kept."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
}
