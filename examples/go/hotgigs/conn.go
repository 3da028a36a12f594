package hotgigs

/*
#include <stdlib.h>
#include "doors.h"
*/
import "C"

import (
	"context"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// Conn is a connection. Calls of several goroutines on one wait for each other; for work side by side there is Pool.
type Conn struct {
	mutex    sync.Mutex // held for the time of a call
	c        *C.hg_conn // nil once closed
	limited  bool       // the last call had a deadline
	batching bool       // writes are collected, and give no rows
}

// Open connects. conninfo: libpq's keywords or URI; "" means libpq's environment. The deadline of ctx does not reach the
// connecting: connect_timeout does.
func Open(ctx context.Context, conninfo string) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, ended(ctx)
	}
	var conn *C.hg_conn
	var e C.hg_error
	text := C.CString(conninfo)
	defer C.free(unsafe.Pointer(text))
	st := C.hg_conn_open(text, nil, &conn, &e)
	return newConn(conn, errorOf(st, &e))
}

func newConn(c *C.hg_conn, err error) (*Conn, error) {
	if err != nil {
		return nil, err
	}
	conn := &Conn{c: c}
	runtime.SetFinalizer(conn, (*Conn).Close)
	return conn, nil
}

// Close closes the connection, or gives it back to its pool. Once is enough, and again does no harm. A connection that is
// forgotten is closed when it is collected, which may be late.
func (conn *Conn) Close() {
	conn.mutex.Lock()
	defer conn.mutex.Unlock()
	runtime.SetFinalizer(conn, nil)
	C.hg_conn_close(conn.c)
	conn.c = nil
}

func ended(ctx context.Context) error {
	return &Error{Status: Cancelled, Column: -1, Message: "the context had ended", context: ctx.Err()}
}

// millisecondsUntil is at least 1: the library has other meanings for less.
func millisecondsUntil(deadline time.Time) int64 {
	if left := time.Until(deadline).Milliseconds(); left > 0 {
		return left
	}
	return 1
}

// run makes one call of the library: with the deadline of ctx as the connection's, and beside it somebody who cancels the
// statement at the server when ctx ends.
func (conn *Conn) run(ctx context.Context, call func(c *C.hg_conn, err *C.hg_error) C.hg_status) error {
	conn.mutex.Lock()
	defer conn.mutex.Unlock()
	if conn.c == nil {
		return state("the connection is closed")
	}
	if ctx.Err() != nil {
		return ended(ctx)
	}
	var e C.hg_error
	if deadline, has := ctx.Deadline(); has || conn.limited {
		var left int64
		if has {
			left = millisecondsUntil(deadline)
		}
		if st := C.hg_conn_set_timeout(conn.c, C.int64_t(left), &e); st != C.HG_OK {
			return errorOf(st, &e)
		}
		conn.limited = has
	}
	if ctx.Done() == nil {
		return errorOf(call(conn.c, &e), &e)
	}
	over, watched := make(chan struct{}), make(chan struct{})
	go conn.watch(ctx, over, watched)
	st := call(conn.c, &e)
	close(over)
	<-watched // a cancellation that comes late must not meet the next call
	return because(ctx, errorOf(st, &e))
}

// watch cancels until the call is over: one request may come before the statement has begun.
func (conn *Conn) watch(ctx context.Context, over <-chan struct{}, watched chan<- struct{}) {
	defer close(watched)
	select {
	case <-over:
		return
	case <-ctx.Done():
	}
	for {
		C.hg_conn_cancel(conn.c, nil)
		select {
		case <-over:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Ping makes one empty round trip.
func (conn *Conn) Ping(ctx context.Context) error {
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_conn_ping(c, e) })
}

// Stats is what a connection has cost so far.
type Stats struct{ RoundTrips, Statements, Prepared, Evicted, ContextRows uint64 }

// Stats counts from the connection's beginning; zero once it is closed.
func (conn *Conn) Stats() Stats {
	conn.mutex.Lock()
	defer conn.mutex.Unlock()
	c := C.hg_conn_stats{struct_size: C.sizeof_hg_conn_stats}
	if conn.c != nil {
		C.hg_conn_get_stats(conn.c, &c, nil)
	}
	return Stats{uint64(c.round_trips), uint64(c.statements), uint64(c.prepared), uint64(c.evicted), uint64(c.context_rows)}
}

// ---- Sessions --------------------------------------------------------------------------------------------------------

// Role is a persona.
type Role int32

// As hotgigs/session.h has them.
const (
	AnonRole Role = iota
	CandidateRole
	CompanyRole
	FreelancerRole
	ServiceRole
)

// Identity is who acts, and what the audit trail is to know of it.
type Identity struct {
	Role                             Role
	User                             UUID // from a verified token
	IP, UserAgent, RequestID, Action string
}

// Enter acts as who from the next call on, until Leave. It makes no round trip.
func (conn *Conn) Enter(who Identity) error {
	var c C.hg_identity
	c.struct_size, c.role = C.sizeof_hg_identity, C.int32_t(who.Role)
	*(*UUID)(unsafe.Pointer(&c.user_id)) = who.User
	for _, text := range []struct {
		from string
		to   []C.char
	}{{who.IP, c.ip[:]}, {who.UserAgent, c.user_agent[:]}, {who.RequestID, c.request_id[:]}, {who.Action, c.action[:]}} {
		if len(text.from) >= len(text.to) {
			return invalid(-1, "a text of the identity is longer than %d bytes", len(text.to)-1)
		}
		for i := range text.from {
			text.to[i] = C.char(text.from[i])
		}
	}
	return conn.run(context.Background(), func(conn *C.hg_conn, e *C.hg_error) C.hg_status {
		return C.hg_session_enter(conn, &c, e)
	})
}

// Leave goes back to the login's default persona.
func (conn *Conn) Leave() {
	conn.mutex.Lock()
	defer conn.mutex.Unlock()
	C.hg_session_leave(conn.c)
}

// As runs body as who.
func (conn *Conn) As(who Identity, body func() error) error {
	if err := conn.Enter(who); err != nil {
		return err
	}
	defer conn.Leave()
	return body()
}

// ---- Transactions --------------------------------------------------------------------------------------------------------

// Begin begins a transaction; it is sent with its first statement. Transaction does this, the end and the repeating.
func (conn *Conn) Begin(ctx context.Context) error {
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_tx_begin(c, nil, e) })
}

// Commit commits.
func (conn *Conn) Commit(ctx context.Context) error {
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_tx_commit(c, e) })
}

// Rollback rolls back.
func (conn *Conn) Rollback(ctx context.Context) error {
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_tx_rollback(c, e) })
}

// Savepoint makes a savepoint.
func (conn *Conn) Savepoint(ctx context.Context, name string) error {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_tx_savepoint(c, text, e) })
}

// RollbackTo goes back to a savepoint; a transaction in which a statement failed can go on.
func (conn *Conn) RollbackTo(ctx context.Context, name string) error {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_tx_rollback_to(c, text, e) })
}

// Transaction runs body between begin and commit, and again from its begin when the server could not serialize it or the
// connection was lost before the commit. An error of body's own, or a panic, rolls back.
func (conn *Conn) Transaction(ctx context.Context, body func() error) error {
	var retry C.hg_retry
	retry.struct_size = C.sizeof_hg_retry
	defer func() {
		if conn.isOpen() {
			_ = conn.Rollback(context.Background()) // a failing rollback leaves nothing either: the server's ends it
		}
	}()
	var last error
	for {
		// The library knows how the last run failed; it rolls back, waits, makes a lost connection anew, or says no.
		again := conn.run(ctx, func(c *C.hg_conn, e *C.hg_error) C.hg_status { return C.hg_tx_again(c, &retry, e) })
		if again != nil {
			if last != nil {
				return last
			}
			return again
		}
		if last = conn.attempt(ctx, body); last == nil {
			return nil
		}
		if known, ok := last.(*Error); !ok || known.context != nil {
			return last
		}
	}
}

func (conn *Conn) attempt(ctx context.Context, body func() error) error {
	if err := conn.Begin(ctx); err != nil {
		return err
	}
	if err := body(); err != nil {
		return err
	}
	return conn.Commit(ctx)
}

func (conn *Conn) isOpen() bool {
	conn.mutex.Lock()
	defer conn.mutex.Unlock()
	return C.hg_tx_is_open(conn.c) != 0
}

// ---- Pool --------------------------------------------------------------------------------------------------------------------

// Pool is a pool of connections to one database, for all goroutines.
type Pool struct {
	mutex sync.RWMutex
	c     *C.hg_pool
}

// OpenPool makes a pool of at most size connections; 0: 10.
func OpenPool(conninfo string, size int) (*Pool, error) {
	var pool *C.hg_pool
	var e C.hg_error
	options := C.hg_pool_options{struct_size: C.sizeof_hg_pool_options, max_size: C.int32_t(size)}
	text := C.CString(conninfo)
	defer C.free(unsafe.Pointer(text))
	if st := C.hg_pool_open(text, &options, &pool, &e); st != C.HG_OK {
		return nil, errorOf(st, &e)
	}
	p := &Pool{c: pool}
	runtime.SetFinalizer(p, (*Pool).Close)
	return p, nil
}

// Acquire takes a connection, and waits for one until ctx ends. Close gives it back.
func (pool *Pool) Acquire(ctx context.Context) (*Conn, error) {
	for {
		if ctx.Err() != nil {
			return nil, ended(ctx)
		}
		conn, err := pool.tryAcquire(ctx)
		if known, ok := err.(*Error); ok && known.Status == Cancelled && known.context == nil {
			continue // none was free in this slice of the waiting
		}
		return conn, err
	}
}

// tryAcquire waits in slices, since a context that is cancelled does not reach a waiting C call.
func (pool *Pool) tryAcquire(ctx context.Context) (*Conn, error) {
	pool.mutex.RLock()
	defer pool.mutex.RUnlock()
	if pool.c == nil {
		return nil, state("the pool is closed")
	}
	wait := int64(-1)
	if ctx.Done() != nil {
		wait = 50
	}
	if deadline, has := ctx.Deadline(); has && millisecondsUntil(deadline) < wait {
		wait = millisecondsUntil(deadline)
	}
	var conn *C.hg_conn
	var e C.hg_error
	st := C.hg_pool_acquire(pool.c, C.int64_t(wait), &conn, &e)
	return newConn(conn, errorOf(st, &e))
}

// With runs body with a connection of the pool.
func (pool *Pool) With(ctx context.Context, body func(*Conn) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return body(conn)
}

// Close closes what is idle; connections that are out close when they come back.
func (pool *Pool) Close() {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	runtime.SetFinalizer(pool, nil)
	C.hg_pool_close(pool.c)
	pool.c = nil
}
