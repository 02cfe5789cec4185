// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callbacks that are told the plugin's id (API 1 to 6).
 */
#include "runners/exact/qemu_api.h"

typedef void (*qemu_plugin_simple_cb_t)(qemu_plugin_id_t id);
typedef void (*qemu_plugin_vcpu_tb_trans_cb_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

void qemu_plugin_reset(qemu_plugin_id_t id, qemu_plugin_simple_cb_t cb);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_vcpu_tb_trans_cb_t cb);

static void (*translated)(struct qemu_plugin_tb *tb);
static void (*after_reset)(void);

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	translated(tb);
}

void api_on_translation(qemu_plugin_id_t id, void (*fn)(struct qemu_plugin_tb *tb))
{
	translated = fn;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
}

static void on_reset(qemu_plugin_id_t id)
{
	(void)id;
	after_reset();
}

void api_translate_anew(qemu_plugin_id_t id, void (*fn)(void))
{
	after_reset = fn;
	qemu_plugin_reset(id, on_reset);
}
