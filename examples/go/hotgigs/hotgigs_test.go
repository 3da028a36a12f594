package hotgigs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"testing"
	"time"
)

var ctx = context.Background()

// connect gives the service's connection.
func connect(t *testing.T) *Conn {
	t.Helper()
	conn, err := Open(ctx, os.Getenv("HOTGIGS_TEST_SERVICE_DSN"))
	if err != nil {
		t.Fatalf("the service connects: %v", err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// newCompany is a company that is gone, with its jobs, when the test ends.
func newCompany(t *testing.T, conn *Conn) *Company {
	t.Helper()
	row := &Company{Name: "Nordlicht 北", Slug: NewUUID().String()}
	company, err := Companies.Insert(ctx, conn, row, CompanyColumnName, CompanyColumnSlug)
	if err != nil {
		t.Fatalf("a company is inserted: %v", err)
	}
	t.Cleanup(func() {
		q := NewQuery(Jobs).Where(JobColumnCompanyID, EQ, company.ID)
		defer q.Close()
		if _, err := Jobs.DeleteWhere(ctx, conn, q, 1000); err != nil {
			t.Errorf("its jobs are deleted: %v", err)
		}
		if err := Companies.Delete(ctx, conn, company.ID); err != nil {
			t.Errorf("it is deleted: %v", err)
		}
	})
	return company
}

func newJobs(t *testing.T, conn *Conn, company UUID, count int) []Job {
	t.Helper()
	rows := make([]Job, count)
	for i := range rows {
		rows[i] = Job{CompanyID: Some(company), Title: fmt.Sprintf("Engineer %04d", i), Slug: NewUUID().String(),
			Description: "Builds.", JobType: JobJobTypeFullTime, SalaryMin: Some(int32(50000 + i)), Skills: Some(json.RawMessage(`["go", {"name": "Ελλάδα"}]`)),
			SEOKeywords: Some([]Null[string]{Some("one"), {}, Some("")})}
	}
	stored, err := Jobs.InsertMany(ctx, conn, rows, JobColumnCompanyID, JobColumnTitle, JobColumnSlug, JobColumnDescription, JobColumnJobType,
		JobColumnSalaryMin, JobColumnSkills, JobColumnSEOKeywords)
	if err != nil || len(stored) != count {
		t.Fatalf("%d jobs are inserted: %d, %v", count, len(stored), err)
	}
	return stored
}

func TestRowComesBackAsWritten(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	job := newJobs(t, conn, company.ID, 1)[0]
	read, err := Jobs.Get(ctx, conn, job.ID)
	if err != nil {
		t.Fatalf("the job is read: %v", err)
	}
	if read.Title != "Engineer 0000" || read.SalaryMin != Some(int32(50000)) || read.SalaryMax.Valid {
		t.Errorf("title, salary_min and a NULL salary_max are not what was written: %+v", read)
	}
	if got := fmt.Sprint(read.SEOKeywords.V); !read.SEOKeywords.Valid || got != "[{one true} { false} { true}]" {
		t.Errorf("a list keeps its NULL and its empty text, and is %s", got)
	}
	var skills []any
	if err := json.Unmarshal(read.Skills.V, &skills); err != nil || len(skills) != 2 {
		t.Errorf("skills are JSON: %s, %v", read.Skills.V, err)
	}
	if read.Version == 0 || !read.IsLoaded(JobColumnTitle) {
		t.Errorf("a row that was read has a version, and says what was loaded")
	}
}

func TestColumnsThatWereNotAskedForAreNotLoaded(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	newJobs(t, conn, company.ID, 1)
	q := NewQuery(Jobs).Where(JobColumnCompanyID, EQ, company.ID).Columns(JobColumnTitle)
	defer q.Close()
	rows, err := Jobs.Find(ctx, conn, q)
	if err != nil || len(rows) != 1 {
		t.Fatalf("one job is found: %d, %v", len(rows), err)
	}
	if !rows[0].IsLoaded(JobColumnTitle) || rows[0].IsLoaded(JobColumnDescription) || rows[0].Description != "" {
		t.Errorf("only what was asked for is loaded, the rest is zero")
	}
}

func TestErrors(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	_, err := Jobs.Get(ctx, conn, NewUUID())
	if !errors.Is(err, NotFound) || errors.Is(err, Conflict) {
		t.Errorf("a row that is not there is NotFound and nothing else: %v", err)
	}
	_, err = Companies.Insert(ctx, conn, company, CompanyColumnID, CompanyColumnName, CompanyColumnSlug)
	var full *Error
	if !errors.As(err, &full) || full.Status != Conflict || full.SQLState != "23505" || full.Table != "companies" {
		t.Errorf("an id that is taken is a Conflict that errors.As opens: %v, %+v", err, full)
	}
	_, err = Companies.Update(ctx, conn, company.ID, &Company{Name: "Other"}, company.Version+1, CompanyColumnName)
	if !errors.Is(err, Conflict) {
		t.Errorf("an update of a version that the row does not have is a Conflict: %v", err)
	}
	_, err = Companies.Insert(ctx, conn, &Company{Name: "a\x00b", Slug: "a"}, CompanyColumnName, CompanyColumnSlug)
	if !errors.As(err, &full) || full.Status != Invalid || full.Column != CompanyColumnName {
		t.Errorf("a text with a NUL byte is Invalid, and the error names the column: %v", err)
	}
	_, err = UserCards.Insert(ctx, conn, &UserCard{})
	if !errors.Is(err, Invalid) {
		t.Errorf("a view is not written to: %v", err)
	}
	other := connect(t)
	other.Close()
	if err := other.Ping(ctx); !errors.Is(err, State) {
		t.Errorf("a closed connection says so: %v", err)
	}
	other.Close()
}

func TestTimes(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	job := newJobs(t, conn, company.ID, 1)[0]
	for _, when := range []time.Time{Infinity, NegativeInfinity, time.Date(-43, 3, 15, 12, 0, 0, 123000, time.UTC),
		time.Date(294276, 12, 31, 0, 0, 0, 0, time.UTC).AddDate(-300, 0, 0), time.Date(2026, 11, 22, 10, 17, 10, 123456000, time.UTC)} {
		row := &Job{ApplicationDeadline: Some(when)}
		read, err := Jobs.Update(ctx, conn, job.ID, row, 0, JobColumnApplicationDeadline)
		if err != nil {
			t.Errorf("%v is written: %v", when, err)
		} else if !read.ApplicationDeadline.V.Equal(when) {
			t.Errorf("%v comes back as %v", when, read.ApplicationDeadline.V)
		}
	}
	row := &Job{ApplicationDeadline: Some(time.Unix(math.MaxInt64/2, 0))}
	if _, err := Jobs.Update(ctx, conn, job.ID, row, 0, JobColumnApplicationDeadline); !errors.Is(err, Invalid) {
		t.Errorf("a time that PostgreSQL does not have is Invalid: %v", err)
	}
	if text := TimeText(time.Date(-43, 3, 15, 0, 0, 0, 0, time.UTC)); text != "0044-03-15T00:00:00Z BC" {
		t.Errorf("year -43 is 44 BC, and is written %q", text)
	}
	for text, day := range map[string]Date{"0044-03-15 BC": DateOf(-43, 3, 15), "infinity": DateInfinity,
		"-infinity": DateNegativeInfinity, "2026-11-22": DateOf(2026, 11, 22), "1969-12-31": -1} {
		if day.String() != text || (day > math.MinInt32 && day < math.MaxInt32 && DateOf(day.Time().Date()) != day) {
			t.Errorf("%s is written %s, and is the day of its time", text, day)
		}
	}
}

func TestDecimalsAndIDsAreExact(t *testing.T) {
	for _, text := range []string{"12.50", "-0.001", "922337203685477580.7", "NaN", "-Infinity"} {
		if d, err := ParseDecimal(text); err != nil || d.String() != text {
			t.Errorf("%s is read and written as %s, %v", text, d, err)
		}
	}
	if _, err := ParseDecimal("1e3"); !errors.Is(err, Invalid) {
		t.Errorf("1e3 is refused: %v", err)
	}
	id := NewUUID()
	if again, err := ParseUUID(id.String()); err != nil || again != id {
		t.Errorf("%s is read as %s, %v", id, again, err)
	}
}

func TestPagesAndStreams(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	newJobs(t, conn, company.ID, 25)
	q := NewQuery(Jobs).Where(JobColumnCompanyID, EQ, company.ID).Ascending(JobColumnTitle).Limit(10)
	defer q.Close()
	seen := 0
	for {
		rows, last, err := Jobs.FindPage(ctx, conn, q)
		if err != nil {
			t.Fatalf("a page is read: %v", err)
		}
		for _, row := range rows {
			if want := fmt.Sprintf("Engineer %04d", seen); row.Title != want {
				t.Errorf("row %d is %s, not %s", seen, row.Title, want)
			}
			seen++
		}
		if len(rows) < 10 {
			break
		}
		q.After(last)
	}
	if seen != 25 {
		t.Errorf("the pages have %d rows, not 25", seen)
	}
	all := NewQuery(Jobs).Where(JobColumnCompanyID, EQ, company.ID).Where(JobColumnSalaryMin, GE, 50005)
	defer all.Close()
	stream, err := Jobs.Stream(ctx, conn, all)
	if err != nil {
		t.Fatalf("a stream begins: %v", err)
	}
	streamed := 0
	for stream.Next(ctx) {
		streamed++
	}
	if err := stream.Close(); err != nil || streamed != 20 {
		t.Errorf("20 rows are streamed: %d, %v", streamed, err)
	}
	if n, err := Jobs.Count(ctx, conn, all); err != nil || n != 20 {
		t.Errorf("20 rows are counted: %d, %v", n, err)
	}
	wrong := NewQuery(Jobs).Where(JobColumnSalaryMin, EQ, "text")
	defer wrong.Close()
	if _, err := Jobs.Find(ctx, conn, wrong); wrong.Err() == nil || !errors.Is(err, Invalid) {
		t.Errorf("a filter of another type is Invalid when the query is run: %v, %v", wrong.Err(), err)
	}
}

// locked holds a row's lock until the test ends, so that whoever changes it waits at the server.
func locked(t *testing.T, id UUID) {
	t.Helper()
	holder := connect(t)
	err := holder.Begin(ctx)
	if err == nil {
		_, err = Companies.Update(ctx, holder, id, &Company{Name: "Held"}, 0, CompanyColumnName)
	}
	if err != nil {
		t.Fatalf("the row is locked: %v", err)
	}
	t.Cleanup(func() {
		if err := holder.Rollback(ctx); err != nil {
			t.Errorf("the lock is given back: %v", err)
		}
	})
}

func TestContextReachesTheServer(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	locked(t, company.ID)
	wait := func(ctx context.Context) error {
		_, err := Companies.Update(ctx, conn, company.ID, &Company{Name: "Waits"}, 0, CompanyColumnName)
		return err
	}
	start := time.Now()
	short, stop := context.WithTimeout(ctx, 100*time.Millisecond)
	defer stop()
	err := wait(short)
	if !errors.Is(err, Cancelled) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 3*time.Second {
		t.Errorf("a deadline ends the call with Cancelled and DeadlineExceeded: %v after %v", err, time.Since(start))
	}
	cancelled, cancel := context.WithCancel(ctx)
	time.AfterFunc(100*time.Millisecond, cancel)
	start = time.Now()
	if err = wait(cancelled); !errors.Is(err, Cancelled) || !errors.Is(err, context.Canceled) || time.Since(start) > 3*time.Second {
		t.Errorf("a cancelled context ends the call with Cancelled and Canceled: %v after %v", err, time.Since(start))
	}
	if err = wait(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("one that had ended before sends nothing: %v", err)
	}
	if err = conn.Ping(ctx); err != nil {
		t.Errorf("the connection works on, without a deadline: %v", err)
	}
}

func TestTransactions(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	mine := errors.New("my own")
	err := conn.Transaction(ctx, func() error {
		if _, err := Companies.Update(ctx, conn, company.ID, &Company{Name: "Undone"}, 0, CompanyColumnName); err != nil {
			return err
		}
		return mine
	})
	read, readErr := Companies.Get(ctx, conn, company.ID)
	if err != mine || readErr != nil || read.Name != company.Name {
		t.Errorf("an error of the body comes back, and nothing is left: %v, %v", err, readErr)
	}
}

// Two transactions lock two rows in opposite order: the server ends one with a deadlock, which then runs again.
func TestDeadlockIsRepeated(t *testing.T) {
	conns := [2]*Conn{connect(t), connect(t)}
	companies := [2]*Company{newCompany(t, conns[0]), newCompany(t, conns[0])}
	rename := func(conn *Conn, company *Company) error {
		_, err := Companies.Update(ctx, conn, company.ID, &Company{Name: "Done"}, 0, CompanyColumnName)
		return err
	}
	var both, group sync.WaitGroup
	var runs [2]int
	both.Add(2)
	group.Add(2)
	for i := range conns {
		go func(i int) {
			defer group.Done()
			err := conns[i].Transaction(ctx, func() error {
				if err := rename(conns[i], companies[i]); err != nil {
					return err
				}
				if runs[i]++; runs[i] == 1 {
					both.Done()
					both.Wait() // until each has its first row
				}
				return rename(conns[i], companies[1-i])
			})
			if err != nil {
				t.Errorf("transaction %d succeeds in the end: %v", i, err)
			}
		}(i)
	}
	group.Wait()
	if runs[0]+runs[1] < 3 {
		t.Errorf("one of them has run again: %v", runs)
	}
}

func TestSessionsAndOperations(t *testing.T) {
	service := connect(t)
	name := NewUUID().String()
	user, err := UserRegister(ctx, service, &UserRegisterParams{Email: name + "@example.com", UserType: UserUserTypeCandidate,
		FirstName: Some("Grace")})
	if err != nil {
		t.Fatalf("a candidate registers: %v", err)
	}
	t.Cleanup(func() { _ = Users.Delete(ctx, service, user.ID) })
	tenant, err := Open(ctx, os.Getenv("HOTGIGS_TEST_LOGIN_DSN"))
	if err != nil {
		t.Fatalf("a tenant connects: %v", err)
	}
	defer tenant.Close()
	if _, err := Users.Get(ctx, tenant, user.ID); err == nil {
		t.Errorf("a visitor does not see the user")
	}
	err = tenant.As(Identity{Role: CandidateRole, User: user.ID}, func() error {
		read, err := Users.Get(ctx, tenant, user.ID)
		if err == nil && (read.FirstName.V != "Grace" || read.IsLoaded(UserColumnPasswordHash)) {
			t.Errorf("he sees his name, and the hash of his password is not loaded")
		}
		return err
	})
	if err != nil {
		t.Errorf("he sees himself: %v", err)
	}
	if unread, err := NotificationUnreadCount(ctx, tenant); err == nil {
		t.Errorf("a visitor has no notifications to be counted, and gets %d", unread)
	}
}

func TestManyGoroutinesOnAPool(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	newJobs(t, conn, company.ID, 50)
	pool, err := OpenPool(os.Getenv("HOTGIGS_TEST_SERVICE_DSN"), 6)
	if err != nil {
		t.Fatalf("a pool is opened: %v", err)
	}
	defer pool.Close()
	q := NewQuery(Jobs).Where(JobColumnCompanyID, EQ, company.ID)
	defer q.Close()
	var group sync.WaitGroup
	for i := 0; i < 64; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			for turn := 0; turn < 5; turn++ {
				err := pool.With(ctx, func(conn *Conn) error { return useOne(conn, q, company.ID, i, turn) })
				if err != nil {
					t.Errorf("goroutine %d, turn %d: %v", i, turn, err)
				}
			}
		}(i)
	}
	group.Wait()
	if n, err := Jobs.Count(ctx, conn, q); err != nil || n != 50+64*5 {
		t.Errorf("each has inserted its jobs: %d, %v", n, err)
	}
}

// useOne is what a goroutine does with a connection: it reads, writes, and now and then loses patience.
func useOne(conn *Conn, q *Query, company UUID, i, turn int) error {
	limited, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	rows, err := Jobs.Find(limited, conn, q)
	if err == nil && len(rows) < 50 {
		err = fmt.Errorf("%d rows, not at least 50", len(rows))
	}
	if err != nil {
		return err
	}
	job := &Job{CompanyID: Some(company), Title: "Side by side", Slug: NewUUID().String(), Description: "d",
		JobType: JobJobTypeContract}
	if _, err = Jobs.Insert(limited, conn, job, JobColumnCompanyID, JobColumnTitle, JobColumnSlug, JobColumnDescription,
		JobColumnJobType); err != nil {
		return err
	}
	if (i+turn)%8 == 0 {
		soon, stop := context.WithTimeout(ctx, time.Duration(i)*20*time.Microsecond)
		defer stop()
		if _, err = Jobs.Find(soon, conn, q); err != nil && !errors.Is(err, Cancelled) {
			return err
		}
	}
	return nil
}

func TestPoolWaitsAsLongAsTheContext(t *testing.T) {
	pool, err := OpenPool(os.Getenv("HOTGIGS_TEST_SERVICE_DSN"), 1)
	if err != nil {
		t.Fatalf("a pool is opened: %v", err)
	}
	defer pool.Close()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		t.Fatalf("the connection is taken: %v", err)
	}
	defer conn.Close()
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if _, err := pool.Acquire(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second one is not to be had before the deadline: %v", err)
	}
}
