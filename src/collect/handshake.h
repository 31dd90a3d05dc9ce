/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handshake.h knows how to watch an SSL object through OpenSSL's public callbacks and to turn what it does into facts.
 * It refuses to know httpd, and to judge: it says when the outcome is certain, others say what it was.
 *
 * The life of an observer: attach, then OpenSSL's callbacks and the caller's reports of what the transport did feed the
 * recording; when the outcome is certain the observer calls `outcome` once, with the recording filled in, frees the
 * recording and takes its callbacks off the SSL as far as OpenSSL allows. What stays is the info callback, which OpenSSL
 * calls for alerts and new handshakes only: a refused renegotiation or a failed post-handshake authentication opens a
 * second recording (facts.renegotiating) and ends in `outcome` again, and so does one that the client does not answer. Nothing
 * here can make a handshake fail.
 */
#ifndef TLSDIAG_COLLECT_HANDSHAKE_H
#define TLSDIAG_COLLECT_HANDSHAKE_H

#include <openssl/ssl.h>

#include "facts.h"
#include "base/bytes.h"
#include "collect/client_cache.h"

enum { TLSDIAG_RAW_KEPT = 4096 };

/** What is being learnt about one handshake. One allocation, freed when the outcome has been told. */
typedef struct tlsdiag_recording {
    tlsdiag_facts_t facts;
    int64_t start_us;       /**< monotonic clock at facts.started_us */
    bool flight_pending;    /**< our flight was written and the network has not been asked for the answer yet */
    bool answer_awaited;    /**< ... it has been asked */
    bool server_chosen;     /**< a message went out that names our certificate or follows its choice; not noted yet */
    uint8_t history_length; /**< of facts.history */
    tlsdiag_bytes_t
        client_hello_message; /**< body of the first ClientHello, in raw or on the heap; empty: it never came whole */
    tlsdiag_client_t *client; /**< what this process knows of such clients; NULL: nothing */
    uint64_t stencil;         /**< tlsdiag_client_recognise(); 0: the ClientHello was decoded as one never seen */
    uint8_t *heap_message;    /**< the heap copy of a ClientHello larger than raw; NULL: none */
    uint16_t raw_length;
    tlsdiag_drawn_t drawn;         /**< of client; its text is not cleared */
    uint8_t raw[TLSDIAG_RAW_KEPT]; /**< bytes below TLS until the ClientHello was whole; then the ClientHello's body */
} tlsdiag_recording_t;

typedef struct tlsdiag_observer tlsdiag_observer_t;

/** Told once for each recording, when its outcome is certain. The recording is freed after it returns. */
typedef void (*tlsdiag_outcome_t)(tlsdiag_observer_t *observer, tlsdiag_recording_t *recording);

typedef void (*tlsdiag_info_callback_t)(const SSL *ssl, int where, int ret);

/** Watches one SSL. Belongs to the caller and must live as long as the SSL does. */
struct tlsdiag_observer {
    SSL *ssl;           /**< NULL: it may be gone (tlsdiag_observer_abandon) */
    void *context;      /**< the caller's own */
    void *server;       /**< tlsdiag_context_of() when it was last able to change: SNI chooses a vhost */
    const void *served; /**< OpenSSL's object of the certificate served, to compare with tlsdiag_chain_t.identity */
    tlsdiag_outcome_t outcome;
    /** Copies bytes that wait to be read, without consuming them or blocking; returns how many. NULL: cannot. */
    size_t (*peek)(tlsdiag_observer_t *observer, uint8_t *buffer, size_t size);
    tlsdiag_recording_t *recording; /**< NULL: nothing is being recorded now */
    tlsdiag_info_callback_t
        chained_info_callback;             /**< that was set on the SSL before ours; NULL: the SSL_CTX's serves */
    SSL_verify_cb chained_verify_callback; /**< that ours wraps; NULL: not wrapped yet */
    bool established;                      /**< the first handshake is complete */
    bool told;                             /**< the first recording's outcome has been told */
    bool alert_noted;                      /**< the alert that OpenSSL reports just now is in a recording */
    bool asked_again;                      /**< we sent a HelloRequest, and no ClientHello has come since */
    bool wants_certificate;                /**< ... to ask for the client's certificate */
};

/** How a read or a write below TLS ended. */
typedef enum {
    TLSDIAG_TRANSPORT_CLOSED,
    TLSDIAG_TRANSPORT_RESET,
    TLSDIAG_TRANSPORT_TIMED_OUT,
    TLSDIAG_TRANSPORT_ABORTED, /**< a filter below gave up on the connection */
    TLSDIAG_TRANSPORT_STOPPED, /**< this server closed it because it stops */
    TLSDIAG_TRANSPORT_FAILED   /**< any other error */
} tlsdiag_transport_end_t;

/**
 * Get the two indexes under which observers and postures hang on SSL and SSL_CTX. Once for each process that ever
 * loads the module (an index cannot be given back): the caller keeps them over a reload and hands them in again.
 *
 * Returns  false when OpenSSL has none to give.
 */
bool tlsdiag_indexes_make(int *ssl_index, int *context_index);
void tlsdiag_indexes_use(int ssl_index, int context_index);

/** What the caller hung on an SSL_CTX; NULL: nothing. ssl's is that of the vhost chosen so far. */
void tlsdiag_context_set(SSL_CTX *context, void *server);
void *tlsdiag_context_of(const SSL *ssl);

/**
 * Start to watch ssl. To be called before its first handshake.
 *
 * Shape    observer->context, outcome and peek are set, all else zero.
 * Returns  the recording, zeroed but for its clocks, for the caller to write addresses into; NULL when there is no
 *          memory: then nothing is watched.
 */
tlsdiag_recording_t *tlsdiag_observer_attach(tlsdiag_observer_t *observer, SSL *ssl);

/** For tlsdiag_observer_reading(): after a flight of ours the client's answer is asked for. */
void tlsdiag_observer_flight_sent(tlsdiag_observer_t *observer);

/** Whether it matters what the next bytes received are; false: bytes.at may be NULL. */
static inline bool tlsdiag_observer_wants_bytes(const tlsdiag_observer_t *observer)
{
    return observer->recording && observer->recording->facts.stage <= TLSDIAG_BYTES_RECEIVED;
}

/** Bytes came from the network. asked is how many the reader wanted: fewer came when the rest was not there yet. */
void tlsdiag_observer_received(tlsdiag_observer_t *observer, tlsdiag_bytes_t bytes, size_t asked);
/** The network is about to be asked for bytes: what we wrote is with the kernel now. */
static inline void tlsdiag_observer_reading(tlsdiag_observer_t *observer)
{
    if (observer->recording && observer->recording->flight_pending) {
        tlsdiag_observer_flight_sent(observer);
    }
}
void tlsdiag_observer_sent(tlsdiag_observer_t *observer, size_t bytes);
/** A read (or a write, when writing) came to an end. status is the apr_status_t, kept for the record. */
void tlsdiag_observer_transport_ended(tlsdiag_observer_t *observer, tlsdiag_transport_end_t end, bool writing,
                                      int status);

/**
 * Take the message callback off the SSL. To be called when nothing is being recorded, while OpenSSL reads from the
 * network or not at all: inside its own message callback or a write it would call what is gone.
 */
void tlsdiag_observer_quiet(tlsdiag_observer_t *observer);

/** The connection ends now, whatever was known: the safety net. Does not touch the SSL, which may be gone. */
void tlsdiag_observer_abandon(tlsdiag_observer_t *observer, bool server_stopping);

/** A recording of its own, zeroed but for its clocks, for something that no observer sees; NULL: no memory. To be freed. */
tlsdiag_recording_t *tlsdiag_recording_make(void);
void tlsdiag_recording_free(tlsdiag_recording_t *recording);
/**
 * Have memory at hand for the first recording. When the process starts: taken during the first handshake it would lie between
 * what OpenSSL takes and gives back for each request, and cost malloc() a search every time.
 */
void tlsdiag_recordings_open(void);
/** Give the memory back that is kept for the next recordings. When the process ends. */
void tlsdiag_recordings_free(void);

/** Open a recording for something that happened after the first outcome was told; NULL: no memory, or one is open. */
tlsdiag_recording_t *tlsdiag_observer_record_again(tlsdiag_observer_t *observer);
/** The same for a handshake that this server has asked for (facts.renegotiating). */
tlsdiag_recording_t *tlsdiag_observer_record_renegotiation(tlsdiag_observer_t *observer);
/** Tell the outcome of the open recording now. */
void tlsdiag_observer_conclude(tlsdiag_observer_t *observer, tlsdiag_ended_by_t ended_by);

/** Microseconds of the monotonic and of the wall clock. */
int64_t tlsdiag_monotonic_us(void);
int64_t tlsdiag_wall_us(void);

#endif
