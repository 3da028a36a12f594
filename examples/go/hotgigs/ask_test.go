package hotgigs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
)

// newUser is a user that is gone when the test ends.
func newUser(t *testing.T, conn *Conn) *User {
	t.Helper()
	user, err := Users.Insert(ctx, conn, &User{Email: NewUUID().String() + "@example.com", UserType: UserUserTypeCandidate},
		UserColumnEmail, UserColumnUserType)
	if err != nil {
		t.Fatalf("a user is inserted: %v", err)
	}
	t.Cleanup(func() { _ = Users.Delete(ctx, conn, user.ID) })
	return user
}

func ofCompany(t *testing.T, company UUID) *Query {
	q := NewQuery(Jobs).Where(JobColumnCompanyID, EQ, company)
	t.Cleanup(q.Close)
	return q
}

// addSkills gives job i of the list i skills, which are gone with it.
func addSkills(t *testing.T, conn *Conn, jobs []Job) {
	t.Helper()
	var skills []JobSkill
	for i, job := range jobs {
		for n := 0; n < i; n++ {
			skills = append(skills, JobSkill{JobID: Some(job.ID), SkillName: fmt.Sprintf("skill %d of %d", n, i)})
		}
	}
	if _, err := JobSkills.InsertMany(ctx, conn, skills, JobSkillColumnJobID, JobSkillColumnSkillName); err != nil {
		t.Fatalf("skills are inserted: %v", err)
	}
}

func TestWhatBelongsToRowsComesWithThem(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	addSkills(t, conn, newJobs(t, conn, company.ID, 5))
	q := ofCompany(t, company.ID).Ascending(JobColumnTitle)
	var skills [][]JobSkill
	var companies [][]Company
	before := conn.Stats().RoundTrips
	jobs, err := Jobs.Find(ctx, conn, q, JobRelationJobSkills.Into(&skills, nil), JobRelationCompany.Into(&companies, nil))
	if err != nil || len(jobs) != 5 || len(skills) != 5 || len(companies) != 5 {
		t.Fatalf("5 jobs with their skills and company: %d, %d, %d, %v", len(jobs), len(skills), len(companies), err)
	}
	if trips := conn.Stats().RoundTrips - before; trips != 3 {
		t.Errorf("jobs, all skills and all companies are a trip each, not %d", trips)
	}
	for i := range jobs {
		if len(skills[i]) != i {
			t.Errorf("job %d has %d skills, not %d", i, len(skills[i]), i)
		}
		for _, skill := range skills[i] {
			if skill.JobID != Some(jobs[i].ID) {
				t.Errorf("a skill of job %d is another job's", i)
			}
		}
		if len(companies[i]) != 1 || companies[i][0].Name != company.Name {
			t.Errorf("job %d has its company: %v", i, companies[i])
		}
	}
	one := NewQuery(JobSkills).Descending(JobSkillColumnSkillName).Limit(1)
	defer one.Close()
	if _, err = Jobs.Find(ctx, conn, q, JobRelationJobSkills.Into(&skills, one)); err != nil || len(skills[0]) != 0 ||
		len(skills[4]) != 1 || skills[4][0].SkillName != "skill 3 of 4" {
		t.Errorf("a query chooses, orders and limits for each job: %v, %v", skills[4], err)
	}
	wrong := NewQuery(JobSkills).Where(JobSkillColumnSkillName, EQ, 7)
	defer wrong.Close()
	if _, err = Jobs.Find(ctx, conn, q, JobRelationJobSkills.Into(&skills, wrong)); !errors.Is(err, Invalid) {
		t.Errorf("a query that cannot be built is Invalid: %v", err)
	}
}

func TestUpsertsOfMany(t *testing.T) {
	conn := connect(t)
	companies := []Company{*newCompany(t, conn), *newCompany(t, conn)}
	companies[0].Name, companies[1].Name = "One", "Two"
	before := conn.Stats().RoundTrips
	stored, err := Companies.UpsertMany(ctx, conn, companies, CompanyKeySlug, CompanyColumnName, CompanyColumnSlug)
	if err != nil || len(stored) != 2 || conn.Stats().RoundTrips != before+1 {
		t.Fatalf("two are upserted in one trip: %d, %v", len(stored), err)
	}
	for i := range stored {
		if stored[i].ID != companies[i].ID || stored[i].Name != companies[i].Name {
			t.Errorf("row %d is the one that was there, with its new name: %v", i, stored[i])
		}
	}
	if _, err = Jobs.UpsertMany(ctx, conn, []Job{{Title: "t"}}, 0, JobColumnTitle); !errors.Is(err, Invalid) {
		t.Errorf("a table without a unique key has no upsert: %v", err)
	}
}

func TestAggregates(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	newJobs(t, conn, company.ID, 9)
	type byType struct {
		JobType JobJobType
		Remote  Null[string]
		Day     time.Time
		Count   int64
		Sum     Null[int64]
		Average Null[Decimal]
		Latest  Null[time.Time]
		None    Null[int64]
	}
	q := ofCompany(t, company.ID).Group(JobColumnJobType).Group(JobColumnRemoteType).Bucket(JobColumnCreatedAt, Month, "Europe/Zurich").
		CountRows().Measure(Sum, JobColumnSalaryMin).Measure(Average, JobColumnSalaryMin).
		Measure(Greatest, JobColumnCreatedAt).Measure(Sum, JobColumnSalaryMax).Having(0, GE, 9).DescendingMeasure(0)
	rows, err := Aggregate[byType](ctx, conn, q)
	if err != nil || len(rows) != 1 {
		t.Fatalf("all are of one type and month: %v, %v", rows, err)
	}
	row := rows[0]
	if row.JobType != JobJobTypeFullTime || row.Remote.Valid || row.Count != 9 || row.Sum != Some(int64(9*50004)) {
		t.Errorf("type, count and sum: %+v", row)
	}
	if row.Average.V.String() != "50004.000000" || row.None.Valid || !row.Latest.Valid || row.Day.After(row.Latest.V) {
		t.Errorf("an exact average, a sum of nothing that is NULL, and the month before the latest: %+v", row)
	}
	named, err := Aggregate[struct{ Type string }](ctx, conn, ofCompany(t, company.ID).Group(JobColumnJobType))
	if err != nil || len(named) != 1 || named[0].Type != "full_time" {
		t.Errorf("an enumeration may be a string: %v, %v", named, err)
	}
	if _, err = Aggregate[struct{ Count int64 }](ctx, conn, q); !errors.Is(err, Invalid) {
		t.Errorf("a struct with too few fields is Invalid: %v", err)
	}
	if _, err = Aggregate[struct{ Sum int64 }](ctx, conn, ofCompany(t, company.ID).Measure(Sum, JobColumnSalaryMax)); !errors.Is(err, Invalid) {
		t.Errorf("NULL into a field that is no Null is Invalid: %v", err)
	}
	if _, err = Aggregate[struct{ Sum time.Time }](ctx, conn, ofCompany(t, company.ID).CountRows()); !errors.Is(err, Invalid) {
		t.Errorf("a number into a time is Invalid: %v", err)
	}
}

func TestBatches(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	jobs := newJobs(t, conn, company.ID, 2)
	user := newUser(t, conn)
	before := conn.Stats().RoundTrips
	err := conn.Batch(ctx, func() error {
		for i := 0; i < 20; i++ {
			row, err := insertJob(ctx, conn, company.ID, NewUUID())
			if err != nil || row != nil {
				return fmt.Errorf("write %d is collected, and gives no row: %v, %v", i, row, err)
			}
		}
		if _, err := Users.Update(ctx, conn, user.ID, &User{FirstName: Some("Ada")}, user.Version, UserColumnFirstName); err != nil {
			return err
		}
		if _, err := Jobs.Get(ctx, conn, jobs[0].ID); !errors.Is(err, State) {
			return fmt.Errorf("reading has to wait until the end: %v", err)
		}
		return Jobs.Delete(ctx, conn, jobs[0].ID)
	})
	if err != nil || conn.Stats().RoundTrips != before+1 {
		t.Fatalf("22 writes are one trip, not %d: %v", conn.Stats().RoundTrips-before, err)
	}
	if n, err := Jobs.Count(ctx, conn, ofCompany(t, company.ID)); err != nil || n != 21 {
		t.Errorf("20 more, and one gone: %d, %v", n, err)
	}
	id := NewUUID()
	err = conn.Batch(ctx, func() error {
		for _, one := range []UUID{NewUUID(), id, id} {
			if _, err := insertJob(ctx, conn, company.ID, one); err != nil {
				return err
			}
		}
		return nil
	})
	var failed *BatchError
	if !errors.Is(err, Conflict) || !errors.As(err, &failed) || failed.Failed != 2 {
		t.Errorf("the third is a Conflict: %v", err)
	}
	mine := errors.New("my own")
	err = conn.Batch(ctx, func() error {
		if _, err := insertJob(ctx, conn, company.ID, NewUUID()); err != nil {
			return err
		}
		return mine
	})
	if err != mine {
		t.Errorf("an error of the body comes back: %v", err)
	}
	if n, err := Jobs.Count(ctx, conn, ofCompany(t, company.ID)); err != nil || n != 21 {
		t.Errorf("neither has left anything, and the connection works on: %d, %v", n, err)
	}
}

func insertJob(ctx context.Context, conn *Conn, company, id UUID) (*Job, error) {
	job := &Job{ID: id, CompanyID: Some(company), Title: "t", Slug: id.String(), Description: "d", JobType: JobJobTypeContract}
	return Jobs.Insert(ctx, conn, job, JobColumnID, JobColumnCompanyID, JobColumnTitle, JobColumnSlug, JobColumnDescription,
		JobColumnJobType)
}

// One query, its includes and aggregates, run by all of them; each with batches of its own.
func TestManyGoroutinesAskAndBatch(t *testing.T) {
	conn := connect(t)
	company := newCompany(t, conn)
	addSkills(t, conn, newJobs(t, conn, company.ID, 6))
	pool, err := OpenPool(os.Getenv("HOTGIGS_TEST_SERVICE_DSN"), 6)
	if err != nil {
		t.Fatalf("a pool is opened: %v", err)
	}
	defer pool.Close()
	q := ofCompany(t, company.ID).Where(JobColumnTitle, Prefix, "Engineer").Ascending(JobColumnTitle)
	counts := ofCompany(t, company.ID).Where(JobColumnTitle, Prefix, "Engineer").CountRows()
	var group sync.WaitGroup
	for i := 0; i < 64; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			if err := pool.With(ctx, func(conn *Conn) error { return askOne(conn, q, counts, company.ID, i) }); err != nil {
				t.Errorf("goroutine %d: %v", i, err)
			}
		}(i)
	}
	group.Wait()
	if n, err := Jobs.Count(ctx, conn, ofCompany(t, company.ID)); err != nil || n != 6+32*3 {
		t.Errorf("every other one has inserted its three: %d, %v", n, err)
	}
}

var errGivenUp = errors.New("given up")

// askOne is what a goroutine does with a connection; those with an odd number give their batch up.
func askOne(conn *Conn, q, counts *Query, company UUID, i int) error {
	var skills [][]JobSkill
	jobs, err := Jobs.Find(ctx, conn, q, JobRelationJobSkills.Into(&skills, nil))
	if err == nil && (len(jobs) != 6 || len(skills[5]) != 5) {
		err = fmt.Errorf("%d jobs and %v", len(jobs), skills)
	}
	if err != nil {
		return err
	}
	rows, err := Aggregate[struct{ Count int64 }](ctx, conn, counts)
	if err == nil && rows[0].Count != 6 {
		err = fmt.Errorf("%d are counted", rows[0].Count)
	}
	if err != nil {
		return err
	}
	err = conn.Batch(ctx, func() error {
		for n := 0; n < 3; n++ {
			if _, err := insertJob(ctx, conn, company, NewUUID()); err != nil {
				return err
			}
		}
		if i%2 == 1 {
			return errGivenUp
		}
		return nil
	})
	if i%2 == 1 && err == errGivenUp {
		return nil
	}
	return err
}
