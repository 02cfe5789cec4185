# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Postings as people have them; sourced by tests/run-tests.sh. docs/series.md has the table of the forms.

# mail_tree: a git tree with one file of 30 lines, a tag v1, and three patches on it, as commits of the
# branch `posted`; $tmp/p has them as git format-patch gives them, with a cover letter.
mail_tree() {
	local i
	command -v git >/dev/null || exit 77
	export XDG_CACHE_HOME=$tmp/cache
	mkdir -p "$tmp/tree/mm" "$tmp/p"
	: >"$tmp/tree/Kconfig"
	: >"$tmp/tree/Makefile"
	seq -f 'line %g' 30 >"$tmp/tree/mm/memory.c"
	tiny_git init -q
	tiny_git add -A
	tiny_git commit -qm base
	tiny_git tag v1
	tiny_git checkout -q -b posted
	for i in 1 2 3; do
		sed -i "$((i * 8))s/\$/ is step $i = \"naïve\"/" "$tmp/tree/mm/memory.c"
		tiny_git commit -qam "mm: step $i"
	done
	tiny_git format-patch -q --cover-letter -v3 --base=v1 -o "$tmp/p" v1
	sed -i 's/\*\*\* SUBJECT HERE \*\*\*/mm: three steps/' "$tmp"/p/*cover*
	tiny_git checkout -q v1
}

# mails WHAT STATUS FILE WORDS...: what a dry run makes of it
mails() {
	local what=$1 want=$2 file=$3
	shift 3
	expect $want "$fb" series --tree "$tmp/tree" --machine arm64-exact --dry-run --series "$file" "$@"
	[ $want = 0 ] || one_line "$(printf '%s\n' "$errs" | grep -v ' note: ')"
	errs="$what: $errs"
}

# applied WHAT FILE [NOTE]: gives the three commits that the folder of git format-patch gives
applied() {
	mails "$1" 0 "$2" --base v1
	[ "$out" = "$three" ] || fail "$1: $out, not $three"
	[ -z "${3-}" ] || has "$errs" "$3"
}

# patches WHAT FILE N: there are N patches, whatever they are called, and the tree is that of the three
patches() {
	mails "$1" 0 "$2" --base v1
	[ "$(printf '%s\n' "$out" | wc -l)" = $(($3 + 1)) ] || fail "$1: not $3 patches: $out"
	[ "$(git -C "$tmp"/cache/faultbench/build/tree-*/src rev-parse 'HEAD^{tree}')" = \
		"$(tiny_git rev-parse 'posted^{tree}')" ] || fail "$1: not the tree: $out"
}

refused() { # refused WHAT FILE PATTERN
	mails "$1" 2 "$2" --base v1
	has "$errs" "$3"
}

# body N: the diff of patch N alone; head N [NAME]: the head of its mail
body() { sed -n '/^diff --git/,$p' "$tmp/p/v3-000$1-"*.patch; }
head_of() { printf 'From: A Developer <dev@example.org>\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nSubject: [PATCH v3 %s/3] mm: step %s\n' $1 $1; }

# mailed ENCODING COMMAND...: the three as mails whose bodies COMMAND has encoded
mailed() {
	local encoding=$1 i
	shift
	for i in 1 2 3; do
		printf 'From mail@example.org Mon Jan  5 10:00:00 2026\n'
		head_of $i
		printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: %s\n\n' $encoding
		{
			printf 'Signed-off-by: A Developer <dev@example.org>\n---\n\n'
			body $i
		} | "$@"
		echo
	done
}

quoted_crlf() { sed 's/=/=3D/g; s/naïve/na=C3=AFve/; s/^ line 2/ line=\n 2/; s/$/\r/'; }
base64_crlf() { sed 's/$/\r/' | base64; }

# What git, archives and mailers make of a posting: all of it is the same three commits.
test_mail_forms() {
	local i three
	mail_tree
	cd "$tmp/p" || fail "no patches"
	mails folder 0 . --base v1
	three=$out
	[ "$(printf '%s\n' "$three" | cut -d' ' -f1,3-)" = "baseline base
1/3 mm: step 1
2/3 mm: step 2
3/3 mm: step 3" ] || fail "not the patches: $three"
	has "$errs" 'note: \.: 3 patches of v3; left out: 1 cover letter'
	cat v3-*.patch >"$tmp/cover.mbox"
	applied "an mbox with a cover letter" "$tmp/cover.mbox" 'left out: 1 cover letter'
	gzip -k "$tmp/cover.mbox"
	applied "packed" "$tmp/cover.mbox.gz"
	xz -k "$tmp/cover.mbox"
	applied "packed with xz" "$tmp/cover.mbox.xz"
	cat v3-0003* v3-0001* v3-0002* v3-0000* >"$tmp/order.mbox"
	applied "the wrong order" "$tmp/order.mbox"

	# As an archive has a thread: mboxrd, answers, one of them with a diff, an older version, a copy.
	{
		sed '1s/.*/From mboxrd@z Thu Jan  1 00:00:00 1970/' v3-0000*
		for i in 2 1 3 2; do sed '1s/.*/From mboxrd@z Thu Jan  1 00:00:00 1970/' v3-000$i-*; done
		printf 'From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: R <r@example.org>\nSubject: Re: [PATCH v3 1/3] mm: step 1\n\n>From here on it is slower.\n> diff --git a/x b/x\n\n'
		printf 'From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: R <r@example.org>\nSubject: RE: [PATCH v3 2/3] mm: step 2\n\nFixup:\n\n'
		body 3
		printf '\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: R <r@example.org>\nSubject: [PATCH v2 1/1] mm: the steps\n\n'
		body 2
	} >"$tmp/thread.mbox"
	applied "a thread" "$tmp/thread.mbox" \
		'3 patches of v3; left out: 1 cover letter, 1 reply, 1 reply with a diff, 1 patch of an older version, 1 patch that is there twice$'

	# A cover letter by another name, and nothing that says so but its subject.
	mkdir "$tmp/names" && cp v3-000[123]* "$tmp/names" && cp v3-0000* "$tmp/names/v3-0000-three-steps.patch"
	echo notes >"$tmp/names/TODO"
	applied "a cover letter of another name" "$tmp/names"
	# As b4 leaves it.
	mkdir "$tmp/b4" && cat v3-000[123]* >"$tmp/b4/v3_steps.mbx" && cp v3-0000* "$tmp/b4/v3_steps.cover"
	applied "b4" "$tmp/b4"
	# Patchwork's subjects, one folded, one whose brackets are encoded.
	cat v3-000[123]* | sed 's/\[PATCH v3 1\/3\]/[v3,1\/3]/; s/\[PATCH v3 2\/3\]/[RFC,\n v3,2\/3]/
		s/\[PATCH v3 3\/3\] mm: step 3/=?utf-8?q?=5BPATCHv3=203=2F3=5D_mm=3A_step_3?=/' >"$tmp/patchwork.mbox"
	applied "patchwork" "$tmp/patchwork.mbox"
	cat v3-000[123]* | sed 's/^Subject: \[PATCH v3/Subject: [linux-mm] [RESEND PATCH mm-unstable v3/' >"$tmp/tags.mbox"
	applied "other tags" "$tmp/tags.mbox"
	# One mail a file: as saved on Windows, a maildir, MH.
	mkdir -p "$tmp/eml" "$tmp/md/cur" "$tmp/md/new" "$tmp/md/tmp" "$tmp/mh"
	for i in 0 1 2 3; do
		sed '1d; s/$/\r/' v3-000$i-* >"$tmp/eml/mail $((9 - i)).eml"
		sed 1d v3-000$i-* >"$tmp/md/$([ $i = 2 ] && echo new || echo cur)/17$((9 - i)).host:2,S"
		sed 1d v3-000$i-* >"$tmp/mh/$((12 - i))"
	done
	applied "eml" "$tmp/eml"
	applied "a maildir" "$tmp/md" '1 cover letter'
	applied "MH" "$tmp/mh"
	# Bodies.
	mailed base64 base64_crlf >"$tmp/base64.mbox"
	applied "base64 with CRLF" "$tmp/base64.mbox"
	mailed quoted-printable quoted_crlf >"$tmp/qp.mbox"
	applied "quoted-printable with CRLF" "$tmp/qp.mbox"
	for i in 1 2 3; do
		printf 'From mail@example.org Mon Jan  5 10:00:00 2026\n'
		head_of $i
		printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=-x"\n\n--=-x\nContent-Type: text/plain\n\nAs said.\n\n'
		printf -- '--=-x\nContent-Type: text/x-patch; name="a.patch"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n'
		body $i | base64
		printf -- '\n--=-x--\n\n'
	done >"$tmp/attached.mbox"
	applied "attachments" "$tmp/attached.mbox"
	# Another subject in the body is what git takes, but the number is in the head.
	cat v3-000[123]* | sed '/^Subject: .*3\/3/s/mm: step 3/other/; /^Subject: .*3\/3/,/^$/s/^$/\nFrom: B <b@example.org>\nSubject: mm: step 3\n/' \
		>"$tmp/in-body.mbox"
	mails "a head in the body" 0 "$tmp/in-body.mbox" --base v1
	has "$out" '^3/3 .* other$'
	# Without numbers as they stand.
	tiny_git format-patch -q -N -o "$tmp/bare" v1..posted
	applied "no numbers" "$tmp/bare"
	cat "$tmp"/bare/* >"$tmp/bare.mbox"
	applied "no numbers, an mbox" "$tmp/bare.mbox"
}

# Diffs without a mail around them.
test_mail_diffs() {
	local i three
	mail_tree
	cd "$tmp" || fail "no folder"
	tiny_git diff v1 posted >all.diff
	patches "git diff" all.diff 1
	has "$out" '^1/1 [0-9a-f]{12} all$'
	sed 's/$/\r/' all.diff >crlf.diff
	patches "git diff with CRLF" crlf.diff 1
	tiny_git diff --no-prefix v1 posted >prefix.diff
	patches "diff.noprefix" prefix.diff 1
	tiny_git diff v1 posted | sed -n '/^---/,$p' | sed 's#^--- a/.*#--- linux.orig/mm/memory.c\t2026-01-05#; s#^+++ b/#+++ linux/#' >plain.diff
	patches "diff -u" plain.diff 1
	sed 's#^--- .*#--- mm/memory.c.orig#; s#^+++ .*#+++ mm/memory.c#' plain.diff | sed 's#.orig$##' >p0.diff
	patches "diff -u in the tree" p0.diff 1
	printf '# HG changeset patch\n# User A <a@example.org>\n# Date 0 0\n# Node ID 0\nmm: by hg\n\nmore\n\ndiff -r 0 mm/memory.c\n' >hg.patch
	sed -n '/^---/,$p' all.diff >>hg.patch
	patches "hg export" hg.patch 1
	has "$out" ' mm: by hg$'

	# quilt: the order is in `series`, and -pN, and comments; one file is packed. DEP-3 heads.
	mkdir q
	{
		printf 'Description: mm: step 1\n As said.\nAuthor: A <a@example.org>\nOrigin: vendor\n---\nThis patch header follows DEP-3\n\n'
		body 1
	} >q/z.diff
	printf 'mm: step 2\n\nFrom: A <a@example.org>\n\nSt.\n---\n mm/memory.c | 2 +-\n\n' | cat - <(body 2) | gzip >q/y.patch.gz
	tiny_git diff --no-prefix posted^ posted >q/x.diff
	printf '# first\nz.diff # as said\n\n  y.patch.gz -p1\nx.diff -p0\n' >q/series
	patches "quilt" q 3
	[ "$(printf '%s\n' "$out" | cut -d' ' -f1,3-)" = "baseline base
1/3 mm: step 1
2/3 mm: step 2
3/3 x" ] || fail "quilt: $out"
	# What a numbered mail is in a quilt series is what the series says.
	mkdir q2 && cp p/v3-000[123]* q2 && (cd q2 && ls v3*) >q2/series
	patches "quilt of mails" q2 3
	printf 'z.diff -R\n' >q/series
	refused "-R" q '^-R: .*q/series:1: z.diff -R: only -pN can follow a name'
	printf 'none.diff\n' >q/series
	refused "not there" q 'q/none.diff: cannot be read: No such file'
	printf '# none\n' >q/series
	refused "an empty series" q ' q: has no patch in it'

	# Commits that are no change of text.
	tiny_git checkout -q -b odd v1
	tiny_git commit -q --allow-empty -m 'mm: nothing'
	tiny_git mv mm/memory.c mm/other.c
	tiny_git commit -qm 'mm: move'
	printf '\0\1\2' >tree/mm/blob
	chmod +x tree/mm/other.c
	tiny_git add -A
	tiny_git commit -qm 'mm: bytes'
	tiny_git format-patch -q --always -o "$tmp/odd" v1
	mails "empty, moved, binary" 0 odd --base v1
	[ "$(printf '%s\n' "$out" | cut -d' ' -f1,3-)" = "baseline base
1/3 mm: nothing
2/3 mm: move
3/3 mm: bytes" ] || fail "odd ones: $out"
	[ "$(git -C cache/faultbench/build/tree-*/src rev-parse 'HEAD^{tree}')" = "$(tiny_git rev-parse 'odd^{tree}')" ] ||
		fail "odd ones: not the tree"
}

# One true line about what is no posting, or not a whole one.
test_mail_refused() {
	local i
	mail_tree
	cd "$tmp" || fail "no folder"
	cat p/v3-000[13]* >part.mbox
	refused "one is missing" part.mbox 'part.mbox: 2/3 of v3 is missing; a folder with a quilt `series` can name'
	cat p/v3-000[23]* >part.mbox
	refused "the first is missing" part.mbox 'part.mbox: 1/3 of v3 is missing'
	cat p/v3-000[12]* >part.mbox
	refused "the last is missing" part.mbox 'part.mbox: 3/3 of v3 is missing'
	sed 's/PATCH v3 2/PATCH v4 2/' p/v3-000[123]* >part.mbox
	refused "one of a newer version" part.mbox 'part.mbox: 1/3 of v4 is missing'
	{
		cat p/v3-000[123]*
		sed 's/2\/3\] mm: step 2/2\/3] mm: other/; s/step 2/other/' p/v3-0002*
	} >two.mbox
	refused "two of a number" two.mbox 'two.mbox, mail 2 and two.mbox, mail 4: 2/3 \(mm: step 2\) and 2/3 \(mm: other\) are two patches'
	cat p/v3-000[12]* >two.mbox
	sed 's/3\/3/3\/4/' p/v3-0003* >>two.mbox
	refused "two series" two.mbox 'two.mbox, mail 3: is 3/4, among patches of 3: one series at a time'
	cat p/v3-000[123]* >two.mbox
	sed 's/ 3\/3\]/]/' p/v3-0003* >>two.mbox
	refused "one without a number" two.mbox 'two.mbox, mail 4: \(mm: step 3\) has no number, and 3 others have'
	cp p/v3-0000* cover.mbox
	refused "a cover letter alone" cover.mbox 'cover.mbox: no patch in it: of 1 mail none has a diff'
	printf 'From: M <m@example.org>\nSubject: [GIT PULL] mm\n\nThe following changes\n' >pull.eml
	refused "a pull request" pull.eml 'pull.eml: no patch in it: of 1 mail none has a diff'
	printf 'From: M <m@example.org>\nSubject: Re: [PATCH 1/1] mm\n\n' | cat - p/v3-0001* >re.eml
	refused "an answer" re.eml 're.eml: no patch in it'

	printf 'From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: x\nSubject: \0\n\n' >nul.mbox
	refused "a NUL" nul.mbox 'nul.mbox: has a NUL at byte 56, so it is neither mail nor a diff'
	printf 'From: x <x@example.org>\nSubject: [PATCH] =?utf-8?q?a=00b?=\n\n' | cat - p/v3-0001* >nul.eml
	refused "a NUL that is encoded" nul.eml "nul.eml: git: error: a NUL byte in 'Subject' is not allowed"
	cat p/v3-0001* | iconv -t utf-16 >wide.patch
	refused "UTF-16" wide.patch 'wide.patch: is UTF-16; iconv'
	: >empty.mbox
	refused "empty" empty.mbox 'empty.mbox: is empty'
	head -c 300 <(gzip -c p/v3-0001*) >cut.mbox.gz
	refused "cut off" cut.mbox.gz 'cut.mbox.gz: '
	echo 'some notes' >notes
	refused "notes" notes 'notes: is neither mail nor a diff'
	printf '<!DOCTYPE html>\n<html><body>[PATCH]</body></html>\n' >page
	refused "a page" page 'page: is a web page'
	printf '*** a/mm/memory.c\n--- b/mm/memory.c\n***************\n*** 1,2 ****\n' >context.diff
	refused "a context diff" context.diff 'context.diff: has context diffs'
	printf 'diff --cc mm/memory.c\nindex 1,2..3\n--- a/mm/memory.c\n@@@ -1,2 -1,2 +1,2 @@@\n' >merge.diff
	refused "a merge" merge.diff 'merge.diff: has the combined diff of a merge'
	tiny_git bundle create -q "$tmp/b.bundle" v1..posted
	refused "a bundle" b.bundle 'b.bundle: (is a git bundle|has a NUL)'
	refused "nothing" nowhere 'nowhere: cannot be read: No such file'
	mkdir none && echo >none/TODO
	refused "an empty folder" none 'none: has no patch in it: files named'
	# Mailers that break lines.
	sed 's/^ line 6$/line 6/' p/v3-0001* >broken.patch
	sed -i 's/PATCH v3 1\/3/PATCH/' broken.patch
	refused "broken lines" broken.patch 'broken.patch: patch 1 of 1 \(mm: step 1\) does not apply on v1: corrupt patch at line [0-9]*$'
}

# The base that the mails name, and what they say they need; the cover letter's subject.
test_mail_base() {
	mail_tree
	mails "its own base" 0 "$tmp/p"
	has "$out" "^baseline $(tiny_git rev-parse --short=12 v1) base$"
	cat "$tmp"/p/*.patch | sed 's/^base-commit: .*/base-commit: 5f85e0420d0239acf462dec4676f12befcb56af4/' >"$tmp/other.mbox"
	mails "a base that is not there" 2 "$tmp/other.mbox"
	has "$errs" 'other.mbox: was made on 5f85e0420d02 \(its base-commit\), which .*/tree does not have: git fetch it, or say --base'
	mails "another base" 0 "$tmp/other.mbox" --base v1
	has "$errs" 'note: .*other.mbox: was made on 5f85e0420d02 \(its base-commit\), which the tree does not have; it is applied on v1'
	mails "none" 2 <(cat "$tmp"/p/v3-000[123]*)
	cat "$tmp"/p/v3-000[123]* | sed /^base-commit/d >"$tmp/none.mbox"
	mails "none" 2 "$tmp/none.mbox"
	has "$errs" 'none.mbox: names no base-commit: say --base'
	tiny_git format-patch -q -o "$tmp/late" --base=v1 posted^..posted
	mails "prerequisites" 0 "$tmp/late" --base posted^
	has "$errs" 'late: needs 2 patches before it that are not in it \(prerequisite-patch-id\): posted\^ has to have them'
	mails "prerequisites" 2 "$tmp/late" --base v9
	has "$errs" "has no commit 'v9'"
}

# What does not apply: which patch, file and hunk, in git's words; what has only moved is merged.
test_mail_conflicts() {
	mail_tree
	cd "$tmp" || fail "no folder"
	tiny_git checkout -q -b moved v1
	sed -i '10s/$/ moved/' tree/mm/memory.c
	tiny_git commit -qam moved
	mails "moved" 0 p --base moved
	has "$errs" 'v3-0001-mm-step-1.patch: patch 1 of 3 \(mm: step 1\): its context has moved; merged \(git am -3\)'
	[ "$(printf '%s\n' "$errs" | grep -c merged)" = 1 ] || fail "more was merged: $errs"
	# Blobs that nobody has.
	sed 's/^index .*/index 1234567..2345678 100644/' p/v3-0001* | sed 's/PATCH v3 1\/3/PATCH/' >blobs.patch
	mails "moved, no blobs" 2 blobs.patch --base moved
	has "$errs" 'blobs.patch: patch 1 of 1 \(mm: step 1\) does not apply on moved: mm/memory.c, hunk 1 of 1 \(@@ -5,7 \+5,7 @@\): patch failed: mm/memory.c:5; mm/memory.c: patch does not apply; the blobs that a 3-way merge needs are not there$'
	tiny_git checkout -q -b other v1
	sed -i '16s/$/ other/' tree/mm/memory.c
	tiny_git commit -qam other
	tiny_git diff v1 posted >all.diff
	mails "a conflict" 2 p --base other
	has "$errs" 'v3-0002-mm-step-2.patch: patch 2 of 3 \(mm: step 2\) does not apply on other and the 1 patch before it: mm/memory.c, hunk 1 of 1 \(.*\): patch failed: mm/memory.c:13; .*; a 3-way merge conflicts in mm/memory.c$'
	mails "hunks" 2 all.diff --base other
	has "$errs" 'all.diff: patch 1 of 1 \(all\) does not apply on other: mm/memory.c, hunk 2 of 3 \(@@ -13,7 \+13,7 @@\): patch failed: mm/memory.c:13'
	mails "already there" 2 p --base posted
	has "$errs" 'v3-0001-mm-step-1.patch: patch 1 of 3 \(mm: step 1\) is in posted already$'
	sed 's#mm/memory.c#mm/none.c#g' all.diff >file.diff
	mails "a file that has another name" 0 file.diff --base v1
	has "$errs" 'file.diff: patch 1 of 1 .*merged'
	sed -i '/^index/d' file.diff
	mails "another file" 2 file.diff --base v1
	has "$errs" 'does not apply on v1: mm/none.c: does not exist in index'
	[ ! -d cache/faultbench/build/tree-*/src/.git/rebase-apply ] || fail "an am was left"
}

# The tree's own config and hooks start nothing; line ends of the user's config do not matter; a clone
# without blobs is enough.
test_mail_tree_config() {
	local three signed key bad=$tmp/bad
	mail_tree
	printf '#!/bin/sh\ntouch %s/started\n' "$tmp" >"$bad"
	chmod +x "$bad"
	cd "$tmp" || fail "no folder"
	mails plain 0 p --base v1
	three=$out
	tiny_git checkout -q posted
	printf '* filter=bad=x diff=bad\n' >tree/.git/info/attributes
	for key in post-checkout post-index-change applypatch-msg post-commit; do
		cp "$bad" tree/.git/hooks/$key
	done
	cp tree/.git/config config
	for key in core.fsmonitor core.sshCommand gpg.program core.editor diff.external filter.bad=x.clean \
		filter.bad=x.smudge filter.bad=x.process diff.bad.textconv diff.bad.command; do
		git config -f tree/.git/config "$key" "$bad"
	done
	git config -f tree/.git/config log.showSignature true
	signed=$(tiny_git cat-file commit posted | sed '/^committer/a gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----' |
		git -C tree hash-object -t commit -w --stdin)
	touch -d 2001-01-01 tree/mm/memory.c
	rm -f started
	applied "a tree that starts programs" p
	expect 0 "$fb" series --tree tree --machine arm64-exact --dry-run --range v1..$signed
	# It has nothing to build, but is looked at first: whether all is committed.
	"$fb" kernel build --tree tree --arch arm64 --label x --config tree/Kconfig >/dev/null 2>build.log
	grep -q 'not committed' build.log && fail "what the tree has: $(cat build.log)"
	[ ! -e started ] || fail "the tree's config started something"
	cp config tree/.git/config
	rm tree/.git/info/attributes
	tiny_git checkout -q v1

	mkdir home
	printf '[core]\n\tautocrlf = true\n[am]\n\tkeepcr = true\n[apply]\n\twhitespace = fix\n[commit]\n\tgpgSign = true\n' >home/.gitconfig
	HOME=$tmp/home applied "a user's autocrlf" p
	grep -q "$(printf '\r')" cache/faultbench/build/tree-*/src/mm/memory.c && fail "CRLF in the export"

	git config -f tree/.git/config uploadpack.allowFilter true
	git clone -q --no-checkout --filter=blob:none "file://$tmp/tree" "$tmp/lazy/tree" 2>/dev/null || exit 77
	git -C lazy/tree rev-list --objects --missing=print v1 | grep -q '^?' || fail "the clone has all blobs"
	expect 0 "$fb" series --tree "$tmp/lazy/tree" --machine arm64-exact --dry-run --series p --base v1
	[ "$out" = "$three" ] || fail "a clone without blobs: $out"
}
