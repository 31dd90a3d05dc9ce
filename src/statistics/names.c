/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/snapshot.h"

#include "base/writer.h"
#include "iana/iana.h"

const tlsdiag_family_t tlsdiag_families[] = {
#define TLSDIAG_FAMILY(name, slots, labels, metric, label, fixed_label, title, help) \
    { #name, offsetof(tlsdiag_vhost_counts_t, name), slots, labels, metric, label, fixed_label, title, help },
#include "statistics/counters.inc"
    { 0 },
};

const tlsdiag_trait_t tlsdiag_traits[] = {
#define TLSDIAG_TRAIT(name, title, help) { #name, offsetof(tlsdiag_vhost_counts_t, name), title, help },
#include "statistics/counters.inc"
    { 0 },
};

const tlsdiag_time_row_t tlsdiag_times[] = {
#define TLSDIAG_HISTOGRAM(name, title) { #name, offsetof(tlsdiag_vhost_counts_t, time_##name), title },
#include "statistics/counters.inc"
    { 0 },
};

const tlsdiag_tally_row_t tlsdiag_tallies[] = {
#define TLSDIAG_TALLY(name, metric, labels, help) { #name, metric, labels, help },
#include "statistics/counters.inc"
    { 0 },
};

static const void *member_at(const tlsdiag_vhost_counts_t *counts, size_t offset)
{
    return (const char *)counts + offset;
}

const uint64_t *tlsdiag_family_counts(const tlsdiag_vhost_counts_t *counts, const tlsdiag_family_t *family)
{
    return member_at(counts, family->offset);
}

uint64_t tlsdiag_trait_count(const tlsdiag_vhost_counts_t *counts, const tlsdiag_trait_t *trait)
{
    return *(const uint64_t *)member_at(counts, trait->offset);
}

const tlsdiag_histogram_t *tlsdiag_time_of(const tlsdiag_vhost_counts_t *counts, const tlsdiag_time_row_t *row)
{
    return member_at(counts, row->offset);
}

static void read_cause_id(char id[TLSDIAG_CAUSE_ID_CELLS * 8 + 1], const tlsdiag_snapshot_t *snapshot, unsigned slot)
{
    uint64_t words[TLSDIAG_CAUSE_ID_CELLS] = { 0 };
    if (slot < TLSDIAG_CAUSE_SLOTS) {
        tlsdiag_cells_get(words, snapshot->copy.segment->dictionary.causes[slot], TLSDIAG_CAUSE_ID_CELLS);
    }
    memcpy(id, words, sizeof words);
    id[sizeof words] = '\0';
}

int tlsdiag_snapshot_rule(const tlsdiag_snapshot_t *snapshot, unsigned cause_slot)
{
    char id[TLSDIAG_CAUSE_ID_CELLS * 8 + 1];
    read_cause_id(id, snapshot, cause_slot);
    for (uint16_t rule = 0; rule < tlsdiag_rules_count(); rule++) {
        if (strcmp(tlsdiag_rule_id(rule), id) == 0) {
            return rule;
        }
    }
    return -1;
}

/* An id of an older build is shown as well, but only if it reads like one. */
static const char *cause_label(char name[64], const tlsdiag_snapshot_t *snapshot, unsigned slot)
{
    char id[TLSDIAG_CAUSE_ID_CELLS * 8 + 1];
    read_cause_id(id, snapshot, slot);
    if (id[0] == '\0' || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_.") != strlen(id)) {
        return "_other";
    }
    return strcpy(name, id);
}

static const char *code_label(char name[64], const tlsdiag_cell_t *codes, unsigned slot,
                              const char *(*name_of)(uint16_t))
{
    uint64_t word = tlsdiag_cell_get(&codes[slot]);
    const char *known = word ? name_of((uint16_t)word) : "_other";
    if (known) {
        return known;
    }
    tlsdiag_writer_t out = tlsdiag_writer(name, 64);
    tlsdiag_write_code(&out, (uint16_t)word, NULL);
    return tlsdiag_writer_text(&out);
}

static const char *alert_name(uint16_t code)
{
    return tlsdiag_iana_alert_name((uint8_t)code);
}

const char *tlsdiag_snapshot_label(char name[64], const tlsdiag_snapshot_t *snapshot, tlsdiag_labels_t labels,
                                   unsigned slot)
{
    const tlsdiag_dictionary_cells_t *dictionary = &snapshot->copy.segment->dictionary;
    switch (labels) {
    case TLSDIAG_LABELS_CAUSES:
        return cause_label(name, snapshot, slot);
    case TLSDIAG_LABELS_VERSIONS:
        return slot < TLSDIAG_VERSION_SLOTS - 1 ? tlsdiag_iana_version_name((uint16_t)(0x0300 + slot)) : "_other";
    case TLSDIAG_LABELS_SUITES:
        return code_label(name, dictionary->suites, slot, tlsdiag_iana_cipher_suite_name);
    case TLSDIAG_LABELS_GROUPS:
        return code_label(name, dictionary->groups, slot, tlsdiag_iana_group_name);
    case TLSDIAG_LABELS_ALERTS:
        return code_label(name, dictionary->alerts, slot, alert_name);
    }
    return "_other";
}
