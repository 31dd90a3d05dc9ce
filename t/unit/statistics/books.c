/* SPDX-License-Identifier: Apache-2.0 */
/* started = succeeded + failed + abandoned + in progress, and every handshake under its vhost, cause, version, ... */
#include "statistics/segment.h"

#include "facts.h"

static tlsdiag_totals_t totals_of(const tlsdiag_statistics_t *statistics)
{
    tlsdiag_snapshot_t snapshot = snapshot_of(statistics, noon);
    tlsdiag_totals_t totals = tlsdiag_snapshot_totals(&snapshot);
    forget(&snapshot);
    return totals;
}

static void totals_are(const tlsdiag_statistics_t *statistics, tlsdiag_totals_t expected, const char *when)
{
    tlsdiag_totals_t totals = totals_of(statistics);
    ok(memcmp(&totals, &expected, sizeof totals) == 0,
       "%s: started %" PRIu64 ", succeeded %" PRIu64 ", failed %" PRIu64 ", abandoned %" PRIu64
       ", in progress %" PRIu64,
       when, totals.started, totals.succeeded, totals.failed, totals.abandoned, totals.in_progress);
}

static bool nobody_lives(uint32_t pid)
{
    (void)pid;
    return false;
}

static void the_life_of_a_handshake(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    handshake_t handshake;
    tlsdiag_statistics_begin(&statistics);
    totals_are(&statistics, (tlsdiag_totals_t){ 1, 0, 0, 0, 1 }, "begun");
    good_handshake(&handshake);
    tlsdiag_statistics_add(&statistics, &handshake.observation);
    totals_are(&statistics, (tlsdiag_totals_t){ 1, 1, 0, 0, 0 }, "completed");
    bad_handshake(&handshake, "version.client_too_old", TLSDIAG_ACT_CLIENT);
    play(&statistics, &handshake);
    totals_are(&statistics, (tlsdiag_totals_t){ 2, 1, 1, 0, 0 }, "another failed");
    handshake.diagnosis.unknown = true;
    handshake.diagnosis.failure = false;
    play(&statistics, &handshake);
    totals_are(&statistics, (tlsdiag_totals_t){ 3, 1, 1, 1, 0 }, "a third cut by our own stop");
    good_handshake(&handshake);
    handshake.facts.is_backend = true;
    tlsdiag_statistics_add(&statistics, &handshake.observation);
    bad_handshake(&handshake, "protocol.renegotiation_refused", TLSDIAG_ACT_NOBODY);
    handshake.facts.renegotiating = true;
    tlsdiag_statistics_add(&statistics, &handshake.observation);
    totals_are(&statistics, (tlsdiag_totals_t){ 3, 1, 1, 1, 0 }, "backend and renegotiation are not in the books");
    tlsdiag_statistics_begin(&statistics);
    tlsdiag_statistics_withdraw(&statistics);
    totals_are(&statistics, (tlsdiag_totals_t){ 3, 1, 1, 1, 0 }, "a withdrawn one never was");
    tlsdiag_statistics_begin(&statistics);
    tlsdiag_statistics_abandon(&statistics);
    totals_are(&statistics, (tlsdiag_totals_t){ 4, 1, 1, 2, 0 }, "one whose record was lost is abandoned");
}

static void a_dead_process_is_settled(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    tlsdiag_statistics_t child = statistics, next = statistics;
    tlsdiag_process_claim(&child.processes, 100, all_live);
    ok(child.processes.slot != 0, "a process gets a slot of its own");
    tlsdiag_statistics_begin(&child);
    tlsdiag_statistics_begin(&child);
    totals_are(&statistics, (tlsdiag_totals_t){ 2, 0, 0, 0, 2 }, "two begun in a process");
    tlsdiag_process_settle(&statistics.processes, 99);
    totals_are(&statistics, (tlsdiag_totals_t){ 2, 0, 0, 0, 2 }, "another process died");
    tlsdiag_process_settle(&statistics.processes, 100);
    totals_are(&statistics, (tlsdiag_totals_t){ 2, 0, 0, 2, 0 }, "that process died");
    tlsdiag_process_settle(&statistics.processes, 100);
    totals_are(&statistics, (tlsdiag_totals_t){ 2, 0, 0, 2, 0 }, "said twice");
    tlsdiag_process_claim(&next.processes, 101, all_live);
    is_int(next.processes.slot, child.processes.slot, "its slot is used again");
    ok(next.processes.owner != child.processes.owner, "by another incarnation");
}

static void full_house(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    for (uint32_t pid = 1; pid < small_shape.children; pid++) {
        tlsdiag_statistics_t child = statistics;
        tlsdiag_process_claim(&child.processes, pid, all_live);
        tlsdiag_statistics_begin(&child);
    }
    tlsdiag_statistics_t late = statistics;
    tlsdiag_process_claim(&late.processes, 1000, all_live);
    is_int(late.processes.slot, 0, "when all slots are taken by the living, slot 0 is shared");
    tlsdiag_statistics_begin(&late);
    tlsdiag_process_claim(&late.processes, 1000, nobody_lives);
    ok(late.processes.slot != 0, "when their processes are gone, a slot is found");
    totals_are(&statistics, (tlsdiag_totals_t){ 16, 0, 0, 15, 1 }, "and what they had begun was abandoned");
}

static void a_lock_outlives_its_owner(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    tlsdiag_statistics_t victim = statistics, heir = statistics;
    tlsdiag_cell_t lock = 0;
    tlsdiag_process_claim(&victim.processes, 100, all_live);
    tlsdiag_process_claim(&heir.processes, 101, all_live);
    ok(tlsdiag_lock_take(&victim.processes, &lock), "a free lock is had");
    ok(!tlsdiag_lock_take(&heir.processes, &lock), "a held one is given up on");
    tlsdiag_process_settle(&statistics.processes, 100);
    ok(tlsdiag_lock_take(&heir.processes, &lock), "a dead owner's lock is taken over");
    tlsdiag_lock_release(&lock);
    ok(tlsdiag_lock_take(&heir.processes, &lock), "and works as before");
    tlsdiag_cell_set(&lock, UINT64_C(0xfffffffffffffff0));
    ok(tlsdiag_lock_take(&heir.processes, &lock), "a lock with an owner that cannot be is taken over");
}

static void counted_where_it_belongs(void)
{
    static tlsdiag_vhost_counts_t www, all;
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    uint16_t vhost = tlsdiag_statistics_vhost(&statistics, "www.example:443");
    is_int(tlsdiag_statistics_vhost(&statistics, "www.example:443"), vhost, "a vhost keeps its slot");
    ok(tlsdiag_statistics_vhost(&statistics, "api.example:443") != vhost, "another has another");
    handshake_t handshake;
    good_handshake(&handshake);
    handshake.observation.vhost = vhost;
    play(&statistics, &handshake);
    handshake.facts.negotiated.resumed = true;
    handshake.facts.timing.total_us = 400;
    play(&statistics, &handshake);
    bad_handshake(&handshake, "cipher.none_common", TLSDIAG_ACT_SERVER);
    handshake.observation.vhost = vhost;
    handshake.facts.alerts_count = 2;
    handshake.facts.alerts[0] = (tlsdiag_alert_t){ .description = 40 };
    handshake.facts.alerts[1] = (tlsdiag_alert_t){ .description = 199, .received = true };
    play(&statistics, &handshake);
    handshake.observation.vhost = 77;
    play(&statistics, &handshake);
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
    tlsdiag_snapshot_vhost(&www, &snapshot, vhost);
    tlsdiag_snapshot_all_vhosts(&all, &snapshot);
    is_str(www.name, "www.example:443", "the vhost has its name");
    is_int((int64_t)www.succeeded, 2, "two succeeded there");
    is_int((int64_t)www.failed, 1, "one failed there");
    is_int((int64_t)all.failed, 2, "a vhost that nobody knows is counted under _other");
    is_int((int64_t)www.versions_full[4], 1, "one full TLS 1.3");
    is_int((int64_t)www.versions_resumed[4], 1, "one resumed");
    is_int((int64_t)www.forward_secret, 2, "both forward secret");
    is_int((int64_t)www.time_full.count, 1, "one time of a full handshake");
    is_int((int64_t)www.time_resumed.sum_us, 400, "and the time of the resumed one");
    is_int((int64_t)www.clients, 1, "all from one client");
    is_int((int64_t)www.alerts_received[TLSDIAG_ALERT_SLOTS - 1], 1, "an alert without a name is counted under _other");
    unsigned slot = statistics.cause_slots[rule_of("cipher.none_common")];
    char name[64];
    is_int((int64_t)www.failures[slot], 1, "the cause is counted");
    is_str(tlsdiag_snapshot_label(name, &snapshot, TLSDIAG_LABELS_CAUSES, slot), "cipher.none_common", "under its id");
    is_int((int64_t)tlsdiag_snapshot_minute(&snapshot, TLSDIAG_SERIES_SUCCEEDED, 0), 2,
           "the minute shows the successes");
    is_int((int64_t)tlsdiag_snapshot_hour(&snapshot, TLSDIAG_SERIES_SERVER, 0), 2, "the hour who must act");
    is_int((int64_t)tlsdiag_snapshot_hour(&snapshot, TLSDIAG_SERIES_SERVER, 1), 0, "the hour before is empty");
    forget(&snapshot);
}

static void label_of_each_kind(void)
{
    static tlsdiag_vhost_counts_t all;
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    handshake_t handshake;
    good_handshake(&handshake);
    play(&statistics, &handshake);
    handshake.facts.negotiated.group = 0xfa11;
    play(&statistics, &handshake);
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
    tlsdiag_snapshot_all_vhosts(&all, &snapshot);
    unsigned seen = 0;
    for (const tlsdiag_family_t *family = tlsdiag_families; family->name; family++) {
        for (unsigned slot = 0; slot < family->slots; slot++) {
            char name[64];
            const char *label = tlsdiag_snapshot_label(name, &snapshot, family->labels, slot);
            if (tlsdiag_family_counts(&all, family)[slot] > 0) {
                static const char *const expected[] = { "TLSv1.3", "TLS_AES_128_GCM_SHA256", "0xfa11", "x25519" };
                bool found = false;
                for (int i = 0; i < 4; i++) {
                    found = found || strcmp(label, expected[i]) == 0;
                }
                ok(found, "%s counted %s", family->name, label);
                seen++;
            }
        }
    }
    is_int(seen, 4, "nothing else was counted");
    forget(&snapshot);
}

static void survives_restart(void)
{
    tlsdiag_statistics_t before = new_segment(&small_shape), after;
    size_t bytes = tlsdiag_shape_bytes(&small_shape);
    handshake_t handshake;
    bad_handshake(&handshake, "cipher.none_common", TLSDIAG_ACT_SERVER);
    handshake.observation.vhost = tlsdiag_statistics_vhost(&before, "www.example:443");
    play(&before, &handshake);
    ok(tlsdiag_statistics_attach(&after, before.segment, bytes), "the next generation takes the segment up");
    is_int(tlsdiag_statistics_vhost(&after, "www.example:443"), handshake.observation.vhost, "vhosts keep their slots");
    is_int(after.cause_slots[handshake.diagnosis.rule], before.cause_slots[handshake.diagnosis.rule],
           "and causes theirs");
    totals_are(&after, (tlsdiag_totals_t){ 1, 0, 1, 0, 0 }, "and the numbers stand");
    ok(!tlsdiag_statistics_attach(&after, before.segment, bytes - 8), "a segment of another size is not taken up");
    tlsdiag_cell_set(&before.segment->layout_version, 99);
    ok(!tlsdiag_statistics_attach(&after, before.segment, bytes), "nor one of another layout");
    tlsdiag_cell_set(&before.segment->layout_version, TLSDIAG_LAYOUT_VERSION);
    tlsdiag_cell_set(&before.segment->shape[0], UINT64_MAX);
    ok(!tlsdiag_statistics_attach(&after, before.segment, bytes), "nor one with a scribbled shape");
}

int main(void)
{
    the_life_of_a_handshake();
    a_dead_process_is_settled();
    full_house();
    a_lock_outlives_its_owner();
    counted_where_it_belongs();
    label_of_each_kind();
    survives_restart();
    return done_testing();
}
