// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callbacks that are given back data of ours (API 7).
 */
#include "runners/exact/qemu_api.h"

typedef void (*qemu_plugin_udata_cb_t)(void *userdata);
typedef void (*qemu_plugin_vcpu_tb_trans_cb_t)(struct qemu_plugin_tb *tb, void *userdata);

void qemu_plugin_reset(qemu_plugin_id_t id, qemu_plugin_udata_cb_t cb, void *userdata);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_vcpu_tb_trans_cb_t cb,
					   void *userdata);

static void (*translated)(struct qemu_plugin_tb *tb);
static void (*after_reset)(void);

static void on_translation(struct qemu_plugin_tb *tb, void *userdata)
{
	(void)userdata;
	translated(tb);
}

void api_on_translation(qemu_plugin_id_t id, void (*fn)(struct qemu_plugin_tb *tb))
{
	translated = fn;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation, NULL);
}

static void on_reset(void *userdata)
{
	(void)userdata;
	after_reset();
}

void api_translate_anew(qemu_plugin_id_t id, void (*fn)(void))
{
	after_reset = fn;
	qemu_plugin_reset(id, on_reset, NULL);
}
