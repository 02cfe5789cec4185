#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints a C file with the texts of files of bench/, in the order given (embedded.h).
# Usage: embed.sh FILE...

echo '#include "cli/emit/embedded.h"'
echo 'const struct embedded embedded_sources[] = {'
for file; do
	echo "{\"bench/${file##*/bench/}\","
	sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' "$file" || exit 1
	echo '},'
done
echo '{0}};'
