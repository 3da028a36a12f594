package main

import (
	"encoding/json"
	"fmt"

	"hotgigs.example/hotgigs"
)

// A step of the business is one call of an operation each, by whoever may do it.

// ---- The morning ---------------------------------------------------------------------------------------------------------

func (d *day) tellWhatWasImported() {
	d.say("%d résumés and %d job descriptions have become %d rows.", len(d.people), len(d.jobs), d.imported)
	for _, p := range d.peopleInOrder {
		profile := read(d, d.service, hotgigs.CandidateProfiles, p.candidate)
		fmt.Printf("         %s%syears of work: %2d\n", cell(p.name, 22), cell(profile.Headline.V, 32), profile.ExperienceYears.V)
	}
	for _, j := range d.jobsInOrder {
		job := read(d, d.service, hotgigs.Jobs, j.id)
		fmt.Printf("         %s%s%s, %d-%d %s\n", cell(j.company, 22), cell(job.Title, 32), job.Location.V, job.SalaryMin.V,
			job.SalaryMax.V, job.SalaryCurrency.V)
	}
}

// register makes a user with both profiles of his kind. It gives the persona's profile, where it has one.
func (d *day) register(who *colleague, kind hotgigs.UserUserType) hotgigs.UUID {
	row := ask(d, d.service, hotgigs.UserRegister, &hotgigs.UserRegisterParams{Email: who.email, UserType: kind,
		FirstName: hotgigs.Some(who.first), LastName: hotgigs.Some(who.last)})
	who.user = row.ID
	return row.PersonaProfileID.V
}

func (d *day) join(inviter hotgigs.Null[hotgigs.UUID], f *firm, who *colleague, role hotgigs.CompanyMemberRole) {
	ask(d, d.service, hotgigs.MemberInvite, &hotgigs.MemberInviteParams{CompanyID: f.id, UserID: who.user, Role: role,
		Inviter: inviter})
	ask(d, d.as(hotgigs.CompanyRole, who.user, "member.accept"), hotgigs.MemberAccept,
		&hotgigs.MemberAcceptParams{CompanyID: f.id})
}

// bringPeopleIn: the platform invites each firm's admin, he the recruiter; each accepts as himself. And a freelancer.
func (d *day) bringPeopleIn() {
	for i := range firms {
		f := &firms[i]
		d.register(&f.admin, hotgigs.UserUserTypeCompany)
		d.register(&f.recruiter, hotgigs.UserUserTypeCompany)
		for _, j := range d.jobsInOrder {
			if j.company == f.company {
				f.id = j.companyID
				update(d, hotgigs.Jobs, j.id, &hotgigs.Job{PostedBy: hotgigs.Some(f.recruiter.user)}, hotgigs.JobColumnPostedBy)
			}
		}
		d.join(hotgigs.Null[hotgigs.UUID]{}, f, &f.admin, hotgigs.CompanyMemberRoleAdmin)
		d.join(hotgigs.Some(f.admin.user), f, &f.recruiter, hotgigs.CompanyMemberRoleRecruiter)
	}
	chloe := &colleague{first: "Chloé", last: "Œuvrard", email: "chloe@example.com"}
	d.freelancer = d.register(chloe, hotgigs.UserUserTypeFreelanceRecruiter)
	d.freelancerUser = chloe.user
	update(d, hotgigs.FreelanceRecruiters, d.freelancer, &hotgigs.FreelanceRecruiter{ExperienceYears: hotgigs.Some(int32(8)),
		IsVerified: hotgigs.Some(true)}, hotgigs.FreelanceRecruiterColumnExperienceYears, hotgigs.FreelanceRecruiterColumnIsVerified)
}

// skillsOf reads JSON into what the caller takes it for.
func skillsOf[S any](d *day, skills hotgigs.Null[json.RawMessage]) (list []S) {
	if d.err == nil && skills.Valid {
		d.err = json.Unmarshal(skills.V, &list)
	}
	return list
}

type match struct {
	CandidateID string `json:"candidate_id"`
	JobID       string `json:"job_id"`
	Score       int    `json:"match_score"`
	SkillScore  int    `json:"skill_match_score"`
	Recommended bool   `json:"is_recommended"`
}

// matchEveryone compares the skills of every candidate with those of every job, and keeps matches of half of them and more.
func (d *day) matchEveryone() {
	wanted := map[string][]string{}
	for _, j := range d.jobsInOrder {
		wanted[j.key] = skillsOf[string](d, read(d, d.service, hotgigs.Jobs, j.id).Skills)
	}
	matches := []match{}
	for _, p := range d.peopleInOrder {
		profile := read(d, d.service, hotgigs.CandidateProfiles, p.candidate)
		has := map[string]bool{}
		for _, skill := range skillsOf[struct{ Name string }](d, profile.Skills) {
			has[skill.Name] = true
		}
		for _, j := range d.jobsInOrder {
			if percent := percentOf(wanted[j.key], has); percent >= 50 {
				matches = append(matches, match{p.candidate.String(), j.id.String(), percent, percent, percent >= 75})
			}
		}
		insert(d, hotgigs.AIResumeAnalysisTable, &hotgigs.AIResumeAnalysis{CandidateID: hotgigs.Some(p.candidate),
			OverallScore:           hotgigs.Some(hotgigs.Decimal{Unscaled: 60 + 2*int64(profile.ExperienceYears.V)}),
			ImprovementSuggestions: hotgigs.Some(json.RawMessage(`["name the year"]`))}, hotgigs.AIResumeAnalysisColumnCandidateID,
			hotgigs.AIResumeAnalysisColumnOverallScore, hotgigs.AIResumeAnalysisColumnImprovementSuggestions)
	}
	text, err := json.Marshal(matches)
	if d.err == nil {
		d.err = err
	}
	saved := ask(d, d.service, hotgigs.MatchSaveBatch, &hotgigs.MatchSaveBatchParams{Matches: text}).Inserted
	d.measure("matches_kept", saved, "rows")
	d.say("The night's run has compared %d pairs of candidate and job, and kept %d.", len(d.people)*len(d.jobs), saved)
}

// percentOf is how many percent of the job's skills the candidate has.
func percentOf(wanted []string, has map[string]bool) int {
	count := 0
	for _, skill := range wanted {
		if has[skill] {
			count++
		}
	}
	if len(wanted) == 0 {
		return 0
	}
	return 100 * count / len(wanted)
}

// ---- What the application itself keeps -----------------------------------------------------------------------------------

// record keeps an event of the application's own, for the audit trail.
func (d *day) record(actor hotgigs.UUID, action, kind string, resource hotgigs.UUID) {
	insert(d, hotgigs.AuditLogs, &hotgigs.AuditLog{UserID: hotgigs.Some(actor), Action: action, ResourceType: kind,
		ResourceID: hotgigs.Some(resource), UserAgent: hotgigs.Some("hotgigs-demo")}, hotgigs.AuditLogColumnUserID,
		hotgigs.AuditLogColumnAction, hotgigs.AuditLogColumnResourceType, hotgigs.AuditLogColumnResourceID,
		hotgigs.AuditLogColumnUserAgent)
}

// writeMail puts one into the queue, from which a worker takes it.
func (d *day) writeMail(p *person, kind, subject string) {
	insert(d, hotgigs.EmailLogs, &hotgigs.EmailLog{UserID: hotgigs.Some(p.user), EmailType: kind, RecipientEmail: p.email,
		Subject: hotgigs.Some(subject)}, hotgigs.EmailLogColumnUserID, hotgigs.EmailLogColumnEmailType,
		hotgigs.EmailLogColumnRecipientEmail, hotgigs.EmailLogColumnSubject)
}

// sendMail is the worker: it claims what waits, and reports each as sent. It gives how many.
func (d *day) sendMail() int {
	if d.err != nil {
		return 0
	}
	var claimed []hotgigs.EmailLog
	claimed, d.err = hotgigs.EmailClaimPending(ctx, d.service, &hotgigs.EmailClaimPendingParams{})
	for _, mail := range claimed {
		ask(d, d.service, hotgigs.EmailApplyEvent, &hotgigs.EmailApplyEventParams{EmailID: hotgigs.Some(mail.ID),
			Event: hotgigs.EmailLogStatusSent})
	}
	return len(claimed)
}

func (d *day) measure(name string, value int64, unit string) {
	insert(d, hotgigs.SystemMetrics, &hotgigs.SystemMetric{MetricName: name, MetricValue: hotgigs.Some(hotgigs.Decimal{Unscaled: value}),
		MetricUnit: hotgigs.Some(unit)}, hotgigs.SystemMetricColumnMetricName, hotgigs.SystemMetricColumnMetricValue,
		hotgigs.SystemMetricColumnMetricUnit)
}

func (d *day) signInWithGitHub(p *person) {
	ask(d, d.service, hotgigs.OAuthRegisterOrLink, &hotgigs.OAuthRegisterOrLinkParams{Provider: "github", ProviderUserID: p.key,
		Email: hotgigs.Some(p.email), EmailIsVerified: true, AccessToken: hotgigs.Some("secret")})
	ask(d, d.service, hotgigs.UserTouchLogin, &hotgigs.UserTouchLoginParams{UserID: p.user})
	d.record(p.user, "user.login", "users", p.user)
}

// ---- Candidates and freelancers ------------------------------------------------------------------------------------------

func (d *day) apply(who, to string) hotgigs.UUID {
	p, j := d.person(who), d.job(to)
	row := ask(d, d.as(hotgigs.CandidateRole, p.user, "application.submit"), hotgigs.ApplicationSubmit,
		&hotgigs.ApplicationSubmitParams{JobID: j.id, CandidateID: p.candidate, Source: hotgigs.Some("website")})
	d.writeMail(p, "application_received", "We have your application")
	d.say("%s applies for: %s, %s", p.name, j.title, j.company)
	return row.ID
}

// refer is by the freelance recruiter, who may refer whoever lets himself be seen.
func (d *day) refer(who, to, notes string) hotgigs.UUID {
	return ask(d, d.as(hotgigs.FreelancerRole, d.freelancerUser, "referral.create"), hotgigs.ReferralCreate,
		&hotgigs.ReferralCreateParams{RecruiterID: d.freelancer, CandidateID: d.person(who).candidate, JobID: d.job(to).id,
			Notes: hotgigs.Some(notes)}).ID
}

// ---- Companies -----------------------------------------------------------------------------------------------------------

// acceptReferral gives the application that comes of it.
func (d *day) acceptReferral(f *firm, referral hotgigs.UUID) hotgigs.UUID {
	return ask(d, d.asRecruiter(f, "referral.decide"), hotgigs.ReferralDecide,
		&hotgigs.ReferralDecideParams{ReferralID: referral, Accept: true}).ApplicationID.V
}

// move: note is for the company's own timeline.
func (d *day) move(f *firm, application hotgigs.UUID, before, after hotgigs.ApplicationStatus, note string) {
	ask(d, d.asRecruiter(f, "application.set_status"), hotgigs.ApplicationSetStatus, &hotgigs.ApplicationSetStatusParams{
		ApplicationID: application, FromStatus: before, ToStatus: after, Note: hotgigs.Some(note)})
}

// setNotes: whoever has changed the application since it was read would be in the way.
func (d *day) setNotes(f *firm, application hotgigs.UUID, notes string) {
	conn := d.asRecruiter(f, "application.set_notes")
	seen := read(d, conn, hotgigs.Applications, application)
	ask(d, conn, hotgigs.ApplicationSetNotes, &hotgigs.ApplicationSetNotesParams{ApplicationID: application,
		Notes: hotgigs.Some(notes), Expected: seen.LastUpdatedAt.V})
}

// reject: reason is the company's, feedback the candidate's.
func (d *day) reject(f *firm, application hotgigs.UUID, reason, feedback string) {
	ask(d, d.asRecruiter(f, "application.reject"), hotgigs.ApplicationReject, &hotgigs.ApplicationRejectParams{
		ApplicationID: application, Reason: hotgigs.Some(reason), Feedback: hotgigs.Some(feedback)})
}

// hire fills the job. It gives the referral that earns by it.
func (d *day) hire(f *firm, application hotgigs.UUID, salary int64) hotgigs.UUID {
	return ask(d, d.asRecruiter(f, "application.hire"), hotgigs.ApplicationHire, &hotgigs.ApplicationHireParams{
		ApplicationID: application, FeeBasis: hotgigs.Some(hotgigs.Decimal{Unscaled: salary}),
		CloseJob: hotgigs.Some(true)}).ReferralID.V
}

// askTheAI: the recruiter asks, the candidate answers, the service's model scores.
func (d *day) askTheAI(f *firm, p *person, application hotgigs.UUID, percent int64) {
	session := ask(d, d.asRecruiter(f, "ai_session.create"), hotgigs.AISessionCreate, &hotgigs.AISessionCreateParams{
		ApplicationID: application, SessionType: hotgigs.AIInterviewSessionSessionTypeTechnical,
		Questions: json.RawMessage(`[{"id": 1, "question": "What does VACUUM do?"}]`)})
	conn := d.as(hotgigs.CandidateRole, p.user, "ai_session.append")
	if d.err == nil {
		_, d.err = hotgigs.AISessionAppend(ctx, conn, &hotgigs.AISessionAppendParams{SessionID: session.ID,
			Response: json.RawMessage(`{"question_id": 1, "response": "Прибирає."}`)})
	}
	ask(d, d.service, hotgigs.AISessionComplete, &hotgigs.AISessionCompleteParams{SessionID: session.ID,
		OverallScore: hotgigs.Some(hotgigs.Decimal{Unscaled: percent}), SessionDuration: hotgigs.Some(int32(1260))})
}

// interviewOf: the application moves on to interviewing.
func interviewOf(f *firm, application hotgigs.UUID) *hotgigs.InterviewScheduleParams {
	return &hotgigs.InterviewScheduleParams{ApplicationID: application, InterviewerID: hotgigs.Some(f.admin.user),
		InterviewType: hotgigs.InterviewInterviewTypeVideo, ScheduledAt: inMinutes(120), DurationMinutes: hotgigs.Some(int32(45)),
		MeetingLink: hotgigs.Some("https://meet.example.com/1"), Advance: hotgigs.Some(true)}
}

// finishInterview is by the interviewer.
func (d *day) finishInterview(f *firm, interview hotgigs.UUID, score int32, feedback string) {
	ask(d, d.asAdmin(f, "interview.finish"), hotgigs.InterviewFinish, &hotgigs.InterviewFinishParams{InterviewID: interview,
		Status: hotgigs.InterviewStatusCompleted, Score: hotgigs.Some(score), Feedback: hotgigs.Some(feedback)})
}

// giveTask gives one to the firm's admin.
func (d *day) giveTask(f *firm, application hotgigs.UUID, title string) hotgigs.UUID {
	return ask(d, d.asRecruiter(f, "task.create"), hotgigs.TaskCreate, &hotgigs.TaskCreateParams{CompanyID: f.id, Title: title,
		TaskType: hotgigs.Some(hotgigs.TaskTaskTypeInterview), Priority: hotgigs.Some(hotgigs.NotificationPriorityHigh),
		AssignedTo: hotgigs.Some(f.admin.user), RelatedApplicationID: hotgigs.Some(application)}).ID
}

func (d *day) finishTask(f *firm, task hotgigs.UUID) {
	conn := d.asAdmin(f, "task.set_status")
	for _, status := range []hotgigs.TaskStatus{hotgigs.TaskStatusInProgress, hotgigs.TaskStatusCompleted} {
		ask(d, conn, hotgigs.TaskSetStatus, &hotgigs.TaskSetStatusParams{TaskID: task, Status: status})
	}
}

// earn: the commission is approved by the firm's admin, and paid by the service; either once.
func (d *day) earn(f *firm, referral hotgigs.UUID, currency string) {
	ask(d, d.asAdmin(f, "commission.approve"), hotgigs.CommissionApprove, &hotgigs.CommissionApproveParams{ReferralID: referral})
	pay := &hotgigs.CommissionPayParams{ReferralID: referral}
	ask(d, d.service, hotgigs.CommissionPay, pay)
	d.record(f.admin.user, "commission.pay", "referrals", referral)
	_, err := hotgigs.CommissionPay(ctx, d.service, pay)
	d.say("%s approves the commission, and it is paid. Once more: %s", f.admin.first, d.refusal(err))
	conn := d.as(hotgigs.FreelancerRole, d.freelancerUser, "freelancer.view")
	own := read(d, conn, hotgigs.FreelanceRecruiters, d.freelancer)
	d.say("Chloé Œuvrard has earned %s %s with %d placement.", own.TotalEarnings.V, currency, own.TotalPlacements.V)
}

// ---- Looking -------------------------------------------------------------------------------------------------------------

func (d *day) visitorReads(j *posting) {
	conn := d.as(hotgigs.AnonRole, hotgigs.UUID{}, "job.view")
	job := read(d, conn, hotgigs.Jobs, j.id)
	if d.err == nil {
		d.err = hotgigs.JobCountView(ctx, conn, &hotgigs.JobCountViewParams{JobID: j.id, Session: hotgigs.Some("a visitor")})
	}
	d.say("A visitor reads: %s (%s)", job.Title, job.Location.V)
}

// count is how many rows of a table a connection sees.
func (d *day) count(conn *hotgigs.Conn, table hotgigs.AnyTable) (n int64) {
	if d.err == nil {
		n, d.err = table.Count(ctx, conn, nil)
	}
	return n
}

func (d *day) lookAround(p *person) {
	conn := d.as(hotgigs.CandidateRole, p.user, "profile.view")
	own := read(d, conn, hotgigs.CandidateProfiles, p.candidate)
	mine, all := d.count(conn, hotgigs.AIJobMatches), d.count(d.service, hotgigs.AIJobMatches)
	d.say("%s signs in with GitHub and reads: %s, %s", p.name, own.CurrentTitle.V, own.CurrentCompany.V)
	d.say("Of the %d matches, %d are for these eyes.", all, mine)
}

// lookAtApplications tells how many there are, as far as he can see.
func (d *day) lookAtApplications(who string, role hotgigs.Role, user hotgigs.UUID) {
	sees, err := hotgigs.ApplicationCards.Count(ctx, d.as(role, user, "application.list"), nil)
	if err != nil {
		d.say("%s: %s", who, statusOf(err))
		return
	}
	d.say("%s: sees %d", who, sees)
}

// shown says whether a column is there to be read.
func shown(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// lookAtOne reads one application by its id, which somebody has got hold of.
func (d *day) lookAtOne(who string, role hotgigs.Role, user, application hotgigs.UUID) {
	row, err := hotgigs.Applications.Get(ctx, d.as(role, user, "application.view"), application)
	if err != nil {
		d.say("%s: %s", who, statusOf(err))
		return
	}
	d.say("%s: reads it, %s the recruiter's notes", who,
		shown(row.IsLoaded(hotgigs.ApplicationColumnRecruiterNotes), "with", "without"))
}

func (d *day) lookAtInterview(p *person, interview hotgigs.UUID) {
	row := read(d, d.as(hotgigs.CandidateRole, p.user, "interview.view"), hotgigs.Interviews, interview)
	d.say("%s sees that it is %s; the score is %s.", p.name, row.Status.V,
		shown(row.IsLoaded(hotgigs.InterviewColumnScore), "there, too", "not shown"))
}

func (d *day) readRejection(p *person, application hotgigs.UUID) {
	row := read(d, d.as(hotgigs.CandidateRole, p.user, "application.view"), hotgigs.Applications, application)
	d.say("What he reads: \"%s\" The recruiter's reason is %s.", row.RejectionFeedback.V,
		shown(row.IsLoaded(hotgigs.ApplicationColumnRejectionReason), "shown", "not shown"))
}

func (d *day) readNotifications(p *person) {
	var unread, marked int64
	conn := d.as(hotgigs.CandidateRole, p.user, "notification.read")
	if d.err == nil {
		unread, d.err = hotgigs.NotificationUnreadCount(ctx, conn)
	}
	if d.err == nil {
		marked, d.err = hotgigs.NotificationMarkAll(ctx, conn, &hotgigs.NotificationMarkAllParams{UpTo: inMinutes(1)})
	}
	d.say("%s has %d notifications, and reads %d.", p.name, unread, marked)
}

func (d *day) lookAtDashboards(f *firm, p *person) {
	ours := ask(d, d.asAdmin(f, "dashboard"), hotgigs.DashboardCompany, &hotgigs.DashboardCompanyParams{CompanyID: f.id})
	d.say("%s: %d jobs, %d of them filled; %d applications, %d hired, %d rejected, %d yet to be looked at.", f.company,
		ours.JobsTotal, ours.JobsFilled, ours.ApplicationsTotal, ours.ApplicationsHired, ours.ApplicationsRejected,
		ours.ApplicationsApplied)
	his := ask(d, d.as(hotgigs.CandidateRole, p.user, "dashboard"), hotgigs.DashboardCandidate,
		&hotgigs.DashboardCandidateParams{CandidateID: p.candidate})
	d.say("%s: %d application, %d hired, %d interview behind.", p.name, his.ApplicationsTotal, his.ApplicationsHired,
		his.InterviewsCompleted)
}
