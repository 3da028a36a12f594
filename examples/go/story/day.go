package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"hotgigs.example/hotgigs"
)

// person is a candidate.
type person struct {
	key, name, email string
	user, candidate  hotgigs.UUID
}

type posting struct {
	key, title, company string
	companyID, id       hotgigs.UUID
}

// colleague is somebody of a company, who has no file.
type colleague struct {
	first, last, email string
	user               hotgigs.UUID
}

type firm struct {
	company          string
	admin, recruiter colleague
	id               hotgigs.UUID
}

var firms = []firm{
	{company: "Hafenlicht Logistik", admin: colleague{first: "Jörg", last: "Großmann", email: "joerg@hafenlicht.example.com"},
		recruiter: colleague{first: "Wiebke", last: "Jürgensen", email: "wiebke@hafenlicht.example.com"}},
	{company: "北辰机器人", admin: colleague{first: "李娜", email: "lina@beichen.example.com"},
		recruiter: colleague{first: "陈伟", email: "chenwei@beichen.example.com"}},
	{company: "Αιγαίο Δεδομένα", admin: colleague{first: "Νίκος", last: "Αλεξίου", email: "nikos@aigaio.example.com"},
		recruiter: colleague{first: "Μαρία", last: "Βλάχου", email: "maria@aigaio.example.com"}},
	{company: "Casa Jacarandá Saúde", admin: colleague{first: "Inês", last: "Araújo", email: "ines@jacaranda.example.com"},
		recruiter: colleague{first: "Caetano", last: "Brandão", email: "caetano@jacaranda.example.com"}},
}

// day is its clock, its voice, its people, and on whose behalf it acts. Once a step has failed, the others do nothing: err is
// why.
type day struct {
	service, tenant            *hotgigs.Conn
	people                     map[string]*person
	jobs                       map[string]*posting
	peopleInOrder              []*person
	jobsInOrder                []*posting
	imported                   int
	freelancerUser, freelancer hotgigs.UUID
	time                       string
	err                        error
}

// ---- Telling -----------------------------------------------------------------------------------------------------------

func (d *day) at(time string) { d.time = time }

// say prints a line of the story, with the time if it has changed.
func (d *day) say(format string, args ...any) {
	if d.err != nil {
		return
	}
	if d.time != "" {
		fmt.Println()
	}
	fmt.Printf("%-7s%s\n", d.time, fmt.Sprintf(format, args...))
	d.time = ""
}

// cell is a text, filled up with spaces to that many columns of a terminal.
func cell(text string, width int) string {
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0x3000 && r <= 0x30ff:
			width -= 2
		default:
			width--
		}
	}
	if width < 0 {
		width = 0
	}
	return text + strings.Repeat(" ", width)
}

// statusOf is the status' name of what a call was refused with.
func statusOf(err error) string {
	var refused *hotgigs.Error
	if errors.As(err, &refused) {
		return refused.Status.Error()
	}
	return "nothing"
}

// refusal is the status' name of what must not have succeeded.
func (d *day) refusal(err error) string {
	if err == nil && d.err == nil {
		d.err = errors.New("a step that had to be refused was not")
	}
	return statusOf(err)
}

// ---- Acting ------------------------------------------------------------------------------------------------------------

// as is the tenants' connection, from now on on behalf of this user.
func (d *day) as(role hotgigs.Role, user hotgigs.UUID, action string) *hotgigs.Conn {
	if d.err == nil {
		d.err = d.tenant.Enter(hotgigs.Identity{Role: role, User: user, IP: "192.0.2.20", UserAgent: "hotgigs-demo",
			Action: action})
	}
	return d.tenant
}

func (d *day) asRecruiter(f *firm, action string) *hotgigs.Conn {
	return d.as(hotgigs.CompanyRole, f.recruiter.user, action)
}

func (d *day) asAdmin(f *firm, action string) *hotgigs.Conn {
	return d.as(hotgigs.CompanyRole, f.admin.user, action)
}

// ask makes a call that gives a row, unless the day has failed; then, and if this fails, the row is empty.
func ask[P, R any](d *day, conn *hotgigs.Conn, step func(context.Context, *hotgigs.Conn, *P) (*R, error), params *P) (row R) {
	if d.err != nil {
		return row
	}
	given, err := step(ctx, conn, params)
	if err != nil {
		d.err = err
		return row
	}
	return *given
}

// read reads a row by its id, in the same way.
func read[R any](d *day, conn *hotgigs.Conn, table *hotgigs.Table[R], id hotgigs.UUID) R {
	return ask(d, conn, func(ctx context.Context, conn *hotgigs.Conn, id *hotgigs.UUID) (*R, error) {
		return table.Get(ctx, conn, *id)
	}, &id)
}

// insert and update write these columns of a row.
func insert[R any](d *day, table *hotgigs.Table[R], row *R, columns ...hotgigs.Column) {
	if d.err == nil {
		_, d.err = table.Insert(ctx, d.service, row, columns...)
	}
}

func update[R any](d *day, table *hotgigs.Table[R], id hotgigs.UUID, row *R, columns ...hotgigs.Column) {
	if d.err == nil {
		_, d.err = table.Update(ctx, d.service, id, row, 0, columns...)
	}
}

func (d *day) person(key string) *person {
	if p, ok := d.people[key]; ok {
		return p
	}
	if d.err == nil {
		d.err = errors.New("a résumé that the story needs is missing")
	}
	return &person{}
}

func (d *day) job(key string) *posting {
	if j, ok := d.jobs[key]; ok {
		return j
	}
	if d.err == nil {
		d.err = errors.New("a job description that the story needs is missing")
	}
	return &posting{}
}

func inMinutes(minutes int) time.Time { return time.Now().Add(time.Duration(minutes) * time.Minute) }

// ---- The imported files ------------------------------------------------------------------------------------------------

func (d *day) importAll(folder string) {
	d.importFile(filepath.Join(folder, "resume.json"), d.keepPerson)
	d.importFolder(filepath.Join(folder, "resumes"), d.keepPerson)
	d.importFile(filepath.Join(folder, "job.json"), d.keepJob)
	d.importFolder(filepath.Join(folder, "jobs"), d.keepJob)
}

func (d *day) importFolder(folder string, keep func(w *writer, file object, path, key string)) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.json")) // in the order of their names
	if d.err == nil && len(paths) == 0 {
		d.err = fmt.Errorf("%s has no files: %v", folder, err)
	}
	for _, path := range paths {
		d.importFile(path, keep)
	}
}

// importFile imports one file, in one transaction.
func (d *day) importFile(path string, keep func(w *writer, file object, path, key string)) {
	var file object
	var content []byte
	if d.err == nil {
		content, d.err = os.ReadFile(path)
	}
	if d.err == nil {
		d.err = json.Unmarshal(content, &file)
	}
	if d.err != nil {
		return
	}
	w := &writer{conn: d.service}
	d.err = d.service.Transaction(ctx, func() error {
		*w = writer{conn: d.service}
		keep(w, file, path, strings.TrimSuffix(filepath.Base(path), ".json"))
		return w.err
	})
	d.imported += w.count
}

func (d *day) keepPerson(w *writer, resume object, path, key string) {
	p := &person{key: key, name: text(resume["basics"], "name"), email: text(resume["basics"], "email")}
	p.user, p.candidate = importResume(w, resume, path)
	d.people[key], d.peopleInOrder = p, append(d.peopleInOrder, p)
}

func (d *day) keepJob(w *writer, job object, path, key string) {
	j := &posting{key: key, title: text(job, "title"), company: text(job, "company")}
	j.companyID, j.id = importJob(w, job)
	d.jobs[key], d.jobsInOrder = j, append(d.jobsInOrder, j)
}
