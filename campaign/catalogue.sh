#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints a C file with what the worker says there is to measure (catalogue.h).
# Usage: catalogue.sh WORKER

text=$("$1" --catalogue) && [ -n "$text" ] || exit 1
echo '#include "campaign/catalogue.h"'
echo 'const char catalogue_text[] ='
printf '%s\n' "$text" | sed 's/[\\"]/\\&/g; s/.*/"&";/'
