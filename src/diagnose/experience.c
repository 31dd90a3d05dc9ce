/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/experience.h"

#include "diagnose/templates.h"

static void write_counted(tlsdiag_writer_t *out, uint64_t count, const char *one, const char *many)
{
    tlsdiag_write_u64(out, count);
    tlsdiag_write(out, count == 1 ? one : many);
}

static void write_times(tlsdiag_writer_t *out, uint64_t count)
{
    write_counted(out, count, " time", " times");
}

/* Several clients and no success point at this server; a success of the same kind of client points at this one. */
static void write_conclusion(tlsdiag_writer_t *out, const tlsdiag_experience_t *experience, bool fingerprint_known)
{
    if (!experience->vhost_successes) {
        tlsdiag_write(out, experience->cause_clients > 1 ? "; nobody has succeeded here: look at this server."
                                                         : "; nobody has succeeded here yet.");
    } else if (experience->fingerprint_successes) {
        tlsdiag_write_literal(out, "; the same kind of client (JA4) succeeded ");
        write_times(out, experience->fingerprint_successes);
        tlsdiag_write_literal(out, ": look at this client or its network.");
    } else if (experience->address_successes && fingerprint_known) {
        tlsdiag_write_literal(out, "; its network succeeded ");
        write_times(out, experience->address_successes);
        tlsdiag_write_literal(out, " on this server, with other kinds of client: look at this kind.");
    } else {
        tlsdiag_write(out, fingerprint_known ? "; this kind of client never succeeded here." : ".");
    }
}

static void write_failures(tlsdiag_writer_t *out, const tlsdiag_experience_t *experience)
{
    if (!experience->cause_failures) {
        tlsdiag_write_literal(out, "the first failure like this");
        return;
    }
    write_counted(out, experience->cause_failures, " failure like this", " failures like this");
    if (experience->cause_clients) {
        tlsdiag_write_literal(out, " from about ");
        write_counted(out, experience->cause_clients, " client", " clients");
    }
}

void tlsdiag_experience_write(tlsdiag_writer_t *out, const tlsdiag_experience_t *experience, bool fingerprint_known)
{
    size_t start = out->length;
    if (!experience->since_us ||
        !(experience->vhost_successes + experience->vhost_failures + experience->cause_failures)) {
        return;
    }
    tlsdiag_write_literal(out, "Since ");
    tlsdiag_write_date(out, experience->since_us / 1000000);
    tlsdiag_write_literal(out, " on this vhost: ");
    write_failures(out, experience);
    tlsdiag_write_literal(out, ", ");
    write_counted(out, experience->vhost_successes, " success", " successes");
    write_conclusion(out, experience, fingerprint_known);
    if (out->truncated) {
        tlsdiag_writer_rewind(out, start);
    }
}
