// story is one hiring day, played on a real database and told; all 25 tables: hotgigs-demo in Go.
//
// The service's login does what only the application itself may do; the tenants' login plays the people, one after the
// other, by Conn.Enter. Each step of the business is one call of an operation, and PostgreSQL's policies decide what each
// may see and do. Everything but the timings is the same each time, so the story is also a test.
//
//	story ../data	with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN, on a database that has not had this day yet
//
// It prints what hotgigs-demo prints: tests/examples/hotgigs-demo.expected.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"hotgigs.example/hotgigs"
)

var ctx = context.Background()

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: story FOLDER, with HOTGIGS_SERVICE_DSN and HOTGIGS_TENANT_DSN")
		os.Exit(2)
	}
	err := play(os.Args[1])
	if errors.Is(err, hotgigs.Conflict) {
		err = fmt.Errorf("%w; has this database had the day already?", err)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "story:", err)
		os.Exit(1)
	}
}

func play(folder string) error {
	began := time.Now()
	service, err := hotgigs.Open(ctx, os.Getenv("HOTGIGS_SERVICE_DSN"))
	if err != nil {
		return err
	}
	defer service.Close()
	tenant, err := hotgigs.Open(ctx, os.Getenv("HOTGIGS_TENANT_DSN"))
	if err != nil {
		return err
	}
	defer tenant.Close()

	before, err := countRows(service)
	if err != nil {
		return err
	}
	d := &day{service: service, tenant: tenant, people: map[string]*person{}, jobs: map[string]*posting{}}
	d.tell(folder)
	if d.err != nil {
		return d.err
	}
	peoples := tenant.Stats().RoundTrips
	fmt.Printf("\nThe day took %.1f ms and %d round trips, %d of them by the people.\n",
		milliseconds(time.Since(began)), service.Stats().RoundTrips+peoples, peoples)
	after, err := countRows(service)
	if err != nil {
		return err
	}
	return tellTheRows(before, after)
}

// ---- The day -----------------------------------------------------------------------------------------------------------

func (d *day) tell(folder string) {
	hafenlicht, beichen := &firms[0], &firms[1]
	d.at("07:30")
	d.importAll(folder)
	d.bringPeopleIn()
	d.tellWhatWasImported()
	d.at("08:00")
	d.matchEveryone()
	olena, richard := d.person("olena-kovalenko"), d.person("resume")

	d.at("08:55")
	d.visitorReads(d.job("database-engineer"))
	d.at("09:05")
	d.signInWithGitHub(olena)
	d.lookAround(olena)
	d.at("09:20")
	hers := d.apply("olena-kovalenko", "database-engineer")
	ipeks := d.apply("ipek-yildiz", "database-engineer")
	his := d.apply("resume", "database-engineer")
	for _, who := range []string{"lukasz-wojcik", "ananya-sharma", "kim-minjun"} {
		d.apply(who, "backend-developer")
	}
	d.apply("asta-gudmundsdottir", "technical-writer")
	d.at("09:40")
	for _, pair := range [][2]string{{"wang-xiaoming", "navigation-engineer"}, {"nguyen-thi-anh", "test-intern"},
		{"eleni-papadopoulou", "data-scientist"}, {"noa-levi", "security-engineer"}, {"layla-haddad", "product-designer"},
		{"joao-conceicao", "health-informatician"}, {"somchai-jaidee", "frontend-developer"}} {
		d.apply(pair[0], pair[1])
	}

	d.at("10:10")
	referral := d.refer("sato-sakura", "embedded-engineer", "She writes schedulers of 900 bytes.")
	d.say("Chloé Œuvrard, freelance recruiter, refers 佐藤さくら to 北辰机器人.")
	d.at("10:25")
	sakuras := d.acceptReferral(beichen, referral)
	d.say("陈伟 accepts, which makes an application of it.")
	d.at("10:40")
	d.tellWhoSeesWhat(hers)

	d.at("11:00")
	d.move(hafenlicht, hers, hotgigs.ApplicationStatusApplied, hotgigs.ApplicationStatusScreening, "strong C")
	d.setNotes(hafenlicht, hers, "Ask about the years in Дніпро.")
	d.move(hafenlicht, ipeks, hotgigs.ApplicationStatusApplied, hotgigs.ApplicationStatusScreening, "no C yet")
	d.reject(hafenlicht, his, "compresses, but does not store", "We look for years with PostgreSQL.")
	d.say("Hafenlicht Logistik screens two, and rejects Richard Hendriks.")
	d.readRejection(richard, his)
	d.tellOfInterviews(hers)
	d.tellOfTheDecision(hers, ipeks, sakuras)

	d.at("17:00")
	d.readNotifications(olena)
	d.writeMail(olena, "hired", "Welcome")
	d.say("The day's mail is sent: %d.", d.sendMail())
	d.at("17:30")
	d.lookAtDashboards(hafenlicht, olena)
	d.measure("applications_a_day", 15, "rows")
}

func (d *day) tellWhoSeesWhat(application hotgigs.UUID) {
	hafenlicht, beichen := &firms[0], &firms[1]
	olena, richard := d.person("olena-kovalenko"), d.person("resume")
	d.say("Who sees how many of the 15 applications?")
	d.lookAtApplications("Wiebke Jürgensen of Hafenlicht Logistik", hotgigs.CompanyRole, hafenlicht.recruiter.user)
	d.lookAtApplications("陈伟 of 北辰机器人", hotgigs.CompanyRole, beichen.recruiter.user)
	d.lookAtApplications("Олена Коваленко", hotgigs.CandidateRole, olena.user)
	d.lookAtApplications("Chloé Œuvrard, who refers candidates", hotgigs.FreelancerRole, d.freelancerUser)
	d.lookAtApplications("A visitor", hotgigs.AnonRole, hotgigs.UUID{})
	d.lookAtApplications("Олена Коваленко, claiming to be a company", hotgigs.CompanyRole, olena.user)
	d.say("And who reads hers, knowing its id?")
	d.lookAtOne("Wiebke Jürgensen", hotgigs.CompanyRole, hafenlicht.recruiter.user, application)
	d.lookAtOne("Олена Коваленко", hotgigs.CandidateRole, olena.user, application)
	d.lookAtOne("陈伟 of the rival company", hotgigs.CompanyRole, beichen.recruiter.user, application)
	d.lookAtOne("Richard Hendriks, a stranger", hotgigs.CandidateRole, richard.user, application)
}

func (d *day) tellOfInterviews(olenas hotgigs.UUID) {
	hafenlicht, beichen, candidate := &firms[0], &firms[1], d.person("olena-kovalenko")
	d.at("11:30")
	d.askTheAI(hafenlicht, candidate, olenas, 93)
	d.say("Олена Коваленко answers the AI's questions: 93 of 100.")
	d.at("12:00")
	_, err := hotgigs.InterviewSchedule(ctx, d.asRecruiter(beichen, "interview.schedule"), interviewOf(beichen, olenas))
	d.say("A recruiter of 北辰机器人 tries to put an interview into it: %s", d.refusal(err))
	interview := ask(d, d.asRecruiter(hafenlicht, "interview.schedule"), hotgigs.InterviewSchedule,
		interviewOf(hafenlicht, olenas)).ID
	task := d.giveTask(hafenlicht, olenas, "Prepare the questions")
	d.say("Wiebke Jürgensen invites to an interview in two hours, and gives Jörg Großmann a task.")
	d.at("14:45")
	d.finishTask(hafenlicht, task)
	d.finishInterview(hafenlicht, interview, 9, "Found two faults in our schema.")
	d.say("The interview is over; Jörg Großmann gives 9 of 10.")
	d.lookAtInterview(candidate, interview)
}

// tellOfTheDecision: of the two that came far, the one is hired and the other told so.
func (d *day) tellOfTheDecision(olenas, ipeks, sakuras hotgigs.UUID) {
	hafenlicht, beichen := &firms[0], &firms[1]
	d.at("15:30")
	d.move(hafenlicht, olenas, hotgigs.ApplicationStatusInterviewing, hotgigs.ApplicationStatusOffer, "84000 EUR")
	d.move(beichen, sakuras, hotgigs.ApplicationStatusApplied, hotgigs.ApplicationStatusScreening, "knows our chips")
	d.move(beichen, sakuras, hotgigs.ApplicationStatusScreening, hotgigs.ApplicationStatusInterviewing, "by phone")
	d.move(beichen, sakuras, hotgigs.ApplicationStatusInterviewing, hotgigs.ApplicationStatusOffer, "360000 CNY")
	d.say("Олена Коваленко and 佐藤さくら have an offer.")
	d.at("16:00")
	d.hire(hafenlicht, olenas, 84000)
	d.say("Олена Коваленко is hired; the job is filled: %s", d.job("database-engineer").title)
	d.reject(hafenlicht, ipeks, "second", "The place is taken; please apply for the next one.")
	d.say("İpek Yıldız is told that the place is taken.")
	d.at("16:20")
	referral := d.hire(beichen, sakuras, 360000)
	d.say("佐藤さくら is hired; the job is filled: %s", d.job("embedded-engineer").title)
	d.earn(beichen, referral, "CNY")
}

// ---- How many rows the day has added to each table ---------------------------------------------------------------------

type counted struct {
	table string
	rows  int64
	took  time.Duration
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func countRows(service *hotgigs.Conn) (all []counted, err error) {
	for _, table := range hotgigs.Tables {
		if table.Describe().IsView {
			continue
		}
		start := time.Now()
		rows, err := table.Count(ctx, service, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, counted{table.Describe().Name, rows, time.Since(start)})
	}
	return all, nil
}

func tellTheRows(before, after []counted) error {
	var all int64
	var took time.Duration
	fmt.Printf("\n%-24s %6s %12s\n", "table", "rows", "counted in")
	for i, one := range after {
		added := one.rows - before[i].rows
		fmt.Printf("%-24s %6d %9.1f ms\n", one.table, added, milliseconds(one.took))
		if added == 0 {
			return errors.New("a table has been left out")
		}
		all += added
		took += one.took
	}
	fmt.Printf("%-24s %6d %9.1f ms\n", "all", all, milliseconds(took))
	return nil
}
