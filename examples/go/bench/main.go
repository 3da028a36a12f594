//go:build pgx

// bench reads a list of 10,000 jobs and one job, beside pgx: how long until they are typed rows, with all 29 columns.
//
// Both run in one process and take turns, so that what disturbs one disturbs the other. pgx's rows are a struct that suits it:
// pointers for NULL, enumerations as texts, []string; it prepares its statements and has binary results, as it does by
// itself. pgx is Debian's, which has no go.mod of its own: so it is built as tests/go/run does, with GO111MODULE=off.
//
//	bench [DSN]	DSN of the service's login, or HOTGIGS_SERVICE_DSN; its rows are deleted again
//
// It prints milliseconds, the best of the runs, and how many times as long pgx takes; then the same of the processor time of
// this process alone, since most of the other is the server's.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v4"

	"hotgigs.example/hotgigs"
)

const (
	listRows = 10_000
	listRuns = 15
	getRuns  = 100
	getsARun = 50
)

var ctx = context.Background()

// ---- The rows --------------------------------------------------------------------------------------------------------------

var words = []string{"postgresql", "embedded", "distributed", "typography", "kubernetes", "logistics"}

func either[T any](is bool, v T) hotgigs.Null[T] { return hotgigs.Null[T]{V: v, Valid: is} }

// newJob is a job as they are: some columns NULL, texts of a line or a paragraph.
func newJob(company hotgigs.UUID, slug string, i int) hotgigs.Job {
	keywords := []hotgigs.Null[string]{}
	for _, word := range words[:i%4] {
		keywords = append(keywords, hotgigs.Some(word))
	}
	return hotgigs.Job{CompanyID: hotgigs.Some(company), Title: fmt.Sprintf("Engineer %d", i), Slug: fmt.Sprintf("%s-%d", slug, i),
		Description: strings.Repeat(fmt.Sprintf("Builds %d. ", i), 20), Requirements: either(i%2 > 0, strings.Repeat("Knows how. ", 8)),
		Benefits: either(i%3 > 0, "Tea."), JobType: hotgigs.JobJobType(1 + i%3),
		ExperienceLevel: either(i%3 < 2, hotgigs.JobExperienceLevel(1+i%3)), Location: hotgigs.Some("Zürich"),
		RemoteType: hotgigs.Some(hotgigs.JobRemoteType(1 + i%2)), SalaryMin: hotgigs.Some(int32(60_000 + i)),
		SalaryMax: either(i%4 == 0, int32(90_000+i)), Department: hotgigs.Some("R&D"), IsFeatured: hotgigs.Some(i%7 == 0),
		IsPublic:            hotgigs.Some(false), // or job_search would be told of each
		Skills:              hotgigs.Some(json.RawMessage(fmt.Sprintf(`["%s", {"name": "%s", "level": %d}]`, words[i%6], words[(i+1)%6], i%5))),
		ApplicationDeadline: hotgigs.Some(time.Date(2027, 1, 1, 12+i, 0, 0, 0, time.UTC)), SEOKeywords: hotgigs.Some(keywords)}
}

// makeRows gives their company.
func makeRows(conn *hotgigs.Conn) (*hotgigs.Company, error) {
	slug := hotgigs.NewUUID().String()
	company, err := hotgigs.Companies.Insert(ctx, conn, &hotgigs.Company{Name: "Bench", Slug: slug},
		hotgigs.CompanyColumnName, hotgigs.CompanyColumnSlug)
	if err != nil {
		return nil, err
	}
	jobs := make([]hotgigs.Job, listRows)
	for i := range jobs {
		jobs[i] = newJob(company.ID, slug, i)
	}
	_, err = hotgigs.Jobs.InsertMany(ctx, conn, jobs, hotgigs.JobColumnCompanyID, hotgigs.JobColumnTitle, hotgigs.JobColumnSlug,
		hotgigs.JobColumnDescription, hotgigs.JobColumnRequirements, hotgigs.JobColumnBenefits, hotgigs.JobColumnJobType,
		hotgigs.JobColumnExperienceLevel, hotgigs.JobColumnLocation, hotgigs.JobColumnRemoteType, hotgigs.JobColumnSalaryMin,
		hotgigs.JobColumnSalaryMax, hotgigs.JobColumnDepartment, hotgigs.JobColumnIsFeatured, hotgigs.JobColumnIsPublic, hotgigs.JobColumnSkills,
		hotgigs.JobColumnApplicationDeadline, hotgigs.JobColumnSEOKeywords)
	return company, err
}

func deleteRows(conn *hotgigs.Conn, company *hotgigs.Company) error {
	jobs := hotgigs.NewQuery(hotgigs.Jobs).Where(hotgigs.JobColumnCompanyID, hotgigs.EQ, company.ID)
	defer jobs.Close()
	if _, err := hotgigs.Jobs.DeleteWhere(ctx, conn, jobs, listRows); err != nil {
		return err
	}
	return hotgigs.Companies.Delete(ctx, conn, company.ID)
}

// ---- pgx -------------------------------------------------------------------------------------------------------------------

// pgxJob is a job as one writes it for pgx.
type pgxJob struct {
	id                                       [16]byte
	companyID, postedBy                      *[16]byte
	title, slug, description                 string
	requirements, responsibilities, benefits *string
	jobType                                  string
	experienceLevel, location, remoteType    *string
	salaryMin, salaryMax                     *int32
	salaryCurrency, salaryPeriod             *string
	skills                                   []byte
	department, employmentStatus             *string
	applicationDeadline                      *time.Time
	isFeatured, isPublic                     *bool
	viewCount, applicationCount              *int32
	aiGeneratedContent                       []byte
	seoKeywords                              *[]string
	createdAt, updatedAt                     *time.Time
}

func (j *pgxJob) scan(row pgx.Row) error {
	return row.Scan(&j.id, &j.companyID, &j.postedBy, &j.title, &j.slug, &j.description, &j.requirements, &j.responsibilities,
		&j.benefits, &j.jobType, &j.experienceLevel, &j.location, &j.remoteType, &j.salaryMin, &j.salaryMax, &j.salaryCurrency,
		&j.salaryPeriod, &j.skills, &j.department, &j.employmentStatus, &j.applicationDeadline, &j.isFeatured, &j.isPublic,
		&j.viewCount, &j.applicationCount, &j.aiGeneratedContent, &j.seoKeywords, &j.createdAt, &j.updatedAt)
}

// columns of jobs, in the order of the table.
func columns() string {
	var names []string
	for _, c := range hotgigs.Jobs.Describe().Columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

func pgxList(conn *pgx.Conn, company hotgigs.UUID) ([]pgxJob, error) {
	rows, err := conn.Query(ctx, listSQL, [16]byte(company))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var jobs []pgxJob
	for rows.Next() {
		var job pgxJob
		if err := job.scan(rows); err != nil {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	return jobs, rows.Err()
}

func pgxGet(conn *pgx.Conn, id hotgigs.UUID) (*pgxJob, error) {
	job := new(pgxJob)
	return job, job.scan(conn.QueryRow(ctx, getSQL, [16]byte(id)))
}

var (
	listSQL = "SELECT " + columns() + " FROM jobs WHERE company_id = $1 ORDER BY id"
	getSQL  = "SELECT " + columns() + " FROM jobs WHERE id = $1"
)

// ---- Side by side ----------------------------------------------------------------------------------------------------------

// spent is how long something took, and the processor's time in it.
type spent struct{ wall, cpu time.Duration }

func now() spent {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // fails of a wrong address alone
	return spent{time.Since(began), time.Duration(usage.Utime.Nano() + usage.Stime.Nano())}
}

var began = time.Now()

// best keeps the shorter of each: what disturbs a run only ever makes it longer.
func (s *spent) best(since, until spent) {
	for _, one := range []struct {
		least *time.Duration
		took  time.Duration
	}{{&s.wall, until.wall - since.wall}, {&s.cpu, until.cpu - since.cpu}} {
		if *one.least == 0 || one.took < *one.least {
			*one.least = one.took
		}
	}
}

// pair is the same work by each, and its best times.
type pair struct {
	what       string
	ours, pgxs func() error
	runs       int
	us, them   spent
}

// measure lets them take turns, the one and then the other first. Each begins with a heap that is swept.
func (p *pair) measure() error {
	for turn := 0; turn < p.runs; turn++ {
		for i := 0; i < 2; i++ {
			work, best := p.ours, &p.us
			if (turn+i)%2 == 1 {
				work, best = p.pgxs, &p.them
			}
			runtime.GC()
			start := now()
			if err := work(); err != nil {
				return err
			}
			best.best(start, now())
		}
	}
	fmt.Printf("%-28s hotgigs %8.2f ms   pgx %8.2f ms   %5.2f times as long\n", p.what, milliseconds(p.us.wall),
		milliseconds(p.them.wall), p.ratio())
	fmt.Printf("%-28s hotgigs %8.2f ms   pgx %8.2f ms   %5.2f times as long\n", "... processor time of it",
		milliseconds(p.us.cpu), milliseconds(p.them.cpu), float64(p.them.cpu)/float64(p.us.cpu))
	return nil
}

func (p *pair) ratio() float64 { return float64(p.them.wall) / float64(p.us.wall) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func want(count int, err error) error {
	if err == nil && count != listRows {
		err = fmt.Errorf("a list of %d rows, not %d", count, listRows)
	}
	return err
}

func pairs(conn *hotgigs.Conn, other *pgx.Conn, company hotgigs.UUID) ([]*pair, error) {
	query := hotgigs.NewQuery(hotgigs.Jobs).Where(hotgigs.JobColumnCompanyID, hotgigs.EQ, company).Ascending(hotgigs.JobColumnID)
	jobs, err := hotgigs.Jobs.Find(ctx, conn, query)
	if err := want(len(jobs), err); err != nil {
		return nil, err
	}
	id := jobs[0].ID
	gets := func(get func() error) func() error {
		return func() (err error) {
			for i := 0; i < getsARun && err == nil; i++ {
				err = get()
			}
			return err
		}
	}
	return []*pair{
		{what: fmt.Sprintf("a list of %d rows", listRows), runs: listRuns,
			ours: func() error { jobs, err := hotgigs.Jobs.Find(ctx, conn, query); return want(len(jobs), err) },
			pgxs: func() error { jobs, err := pgxList(other, company); return want(len(jobs), err) }},
		{what: fmt.Sprintf("a row by its id, %d times", getsARun), runs: getRuns,
			ours: gets(func() error { _, err := hotgigs.Jobs.Get(ctx, conn, id); return err }),
			pgxs: gets(func() error { _, err := pgxGet(other, id); return err })},
	}, nil
}

func run(dsn string) (err error) {
	conn, err := hotgigs.Open(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close()
	other, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer other.Close(ctx)
	company, err := makeRows(conn)
	if err != nil {
		return err
	}
	defer func() {
		if problem := deleteRows(conn, company); err == nil {
			err = problem
		}
	}()
	all, err := pairs(conn, other, company.ID)
	for _, p := range all {
		if err == nil {
			err = p.measure()
		}
	}
	return err
}

func main() {
	flag.Parse()
	dsn := os.Getenv("HOTGIGS_SERVICE_DSN")
	if flag.NArg() > 0 {
		dsn = flag.Arg(0)
	}
	if err := run(dsn); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
