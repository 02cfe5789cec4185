/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether KVM works on this machine, found out by using it.
 */
#ifndef RUNNERS_QEMU_KVM_H
#define RUNNERS_QEMU_KVM_H

#include <stdbool.h>

/*
 * Starts QEMU with KVM on a few instructions that end it, for at most 5 s. Returns whether they
 * ran; *ret_why (static text) says why not. Asked once a process, then remembered.
 */
bool kvm_works(const char **ret_why);

/* Remembers that a guest broke KVM all the same, and why (static text). */
void kvm_broke(const char *why);

#endif
