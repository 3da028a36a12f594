package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hotgigs.example/hotgigs"
)

// A JSON Resume (jsonresume.org) or a job description becomes rows, as ../../json makes them for hotgigs-demo. A member that
// the format knows and the schema does not is left out; ../../data/README.md has the list.

type object = map[string]any

// text is a text member of an object; "" if it is missing or something else.
func text(of any, name string) string {
	o, _ := of.(object)
	s, _ := o[name].(string)
	return s
}

func members(of any, name string) []any {
	o, _ := of.(object)
	list, _ := o[name].([]any)
	return append([]any{}, list...) // [], not null, if there are none
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// given adds those texts to a row that are not empty: name, text, name, text, ...
func (row row) given(pairs ...string) row {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			row[pairs[i]] = pairs[i+1]
		}
	}
	return row
}

// row is a JSON object whose members are named like the columns.
type row object

func place(of any) string {
	o, _ := of.(object)
	city, country := text(o["location"], "city"), text(o["location"], "countryCode")
	if city != "" && country != "" {
		return city + ", " + country
	}
	return city + country
}

// writer writes rows, and counts them, until one fails.
type writer struct {
	conn  *hotgigs.Conn
	count int
	err   error
}

func write[R any](w *writer, table *hotgigs.Table[R], rows ...row) {
	if w.err != nil || len(rows) == 0 {
		return
	}
	var text []byte
	var made []R
	if text, w.err = json.Marshal(rows); w.err == nil {
		made, w.err = table.FromJSON(text)
	}
	if w.err == nil {
		_, w.err = table.InsertMany(ctx, w.conn, made, table.Loaded(&made[0])...)
	}
	w.count += len(rows)
}

// ---- A résumé --------------------------------------------------------------------------------------------------------

// wholeDate adds to 2014, 2014-06 and 2014-06-29, which are dates there, the day that ours have. "" stays "".
func wholeDate(date string) string {
	if n := len(date); n == 4 || n == 7 || n == 10 {
		return date + "0000-01-01"[n:]
	}
	return ""
}

// experienceYears counts from the first day of the first job to the last day of the last, or to the date of the résumé.
func (row row) experienceYears(resume object) {
	today := text(resume["meta"], "lastModified")
	if len(today) > 10 {
		today = today[:10]
	}
	var begin, end time.Time
	for _, job := range members(resume, "work") {
		last := text(job, "endDate")
		if last == "" {
			last = today
		}
		for _, date := range []string{text(job, "startDate"), last} {
			day, err := time.Parse("2006-01-02", wholeDate(date))
			if err != nil {
				continue
			}
			if begin.IsZero() || day.Before(begin) {
				begin = day
			}
			if day.After(end) {
				end = day
			}
		}
	}
	if begin.Before(end) {
		row["experience_years"] = int(end.Sub(begin).Hours()/24) / 365
	}
}

// names takes what is behind the last space for the family's; a name without space, as in Chinese, stays whole.
func (row row) names(name string) row {
	if at := strings.LastIndexByte(name, ' '); at >= 0 {
		return row.given("first_name", name[:at], "last_name", name[at+1:])
	}
	return row.given("first_name", name)
}

// skills are {name, level}, and each keyword is one more.
func skills(resume object) []row {
	found := []row{}
	for _, skill := range members(resume, "skills") {
		found = append(found, row{}.given("name", text(skill, "name"), "level", text(skill, "level")))
		for _, keyword := range members(skill, "keywords") {
			found = append(found, row{"name": keyword})
		}
	}
	return found
}

func experiences(resume object, candidate string) (rows []row) {
	for _, job := range members(resume, "work") {
		begin, end := wholeDate(text(job, "startDate")), wholeDate(text(job, "endDate"))
		if begin == "" { // the schema wants a first day
			continue
		}
		rows = append(rows, row{"candidate_id": candidate, "company_name": text(job, "name"), "job_title": text(job, "position"),
			"description": orNull(text(job, "summary")), "start_date": begin, "end_date": orNull(end), "is_current": end == "",
			"location": orNull(text(job, "location")), "achievements": members(job, "highlights")})
	}
	return rows
}

// "4.0" is a grade point average; "first class" and "92 %" are grades, too, but not numbers below 10.
var isGPA = regexp.MustCompile(`^\d(\.\d{1,2})?$`)

func education(resume object, candidate string) (rows []row) {
	for _, school := range members(resume, "education") {
		gpa, score := "", text(school, "score")
		if isGPA.MatchString(score) {
			gpa, score = score, ""
		}
		rows = append(rows, row{"candidate_id": candidate, "institution_name": text(school, "institution"),
			"degree": orNull(text(school, "studyType")), "field_of_study": orNull(text(school, "area")),
			"start_date": orNull(wholeDate(text(school, "startDate"))), "end_date": orNull(wholeDate(text(school, "endDate"))),
			"gpa": orNull(gpa), "description": orNull(score), "achievements": members(school, "courses")})
	}
	return rows
}

func profileURL(basics any, network string) string {
	for _, one := range members(basics, "profiles") {
		if text(one, "network") == network {
			return text(one, "url")
		}
	}
	return ""
}

// importResume writes a user, his two profiles, his experiences, education, and the document itself.
func importResume(w *writer, resume object, url string) (user, candidate hotgigs.UUID) {
	user, candidate = hotgigs.NewUUID(), hotgigs.NewUUID()
	basics, newest, degree := resume["basics"], first(members(resume, "work")), first(members(resume, "education"))
	write(w, hotgigs.Users, row{"id": user.String(), "user_type": "candidate"}.names(text(basics, "name")).given(
		"email", text(basics, "email"), "phone", text(basics, "phone"), "profile_image_url", text(basics, "image")))
	write(w, hotgigs.UserProfiles, row{"user_id": user.String()}.given("bio", text(basics, "summary"), "location", place(basics),
		"website_url", text(basics, "url"), "github_url", profileURL(basics, "GitHub"),
		"linkedin_url", profileURL(basics, "LinkedIn")))
	profile := row{"id": candidate.String(), "user_id": user.String(), "skills": skills(resume),
		"languages": members(resume, "languages"), "visibility_settings": object{"profile_public": true}}
	profile.experienceYears(resume)
	write(w, hotgigs.CandidateProfiles, profile.given("headline", text(basics, "label"), "summary", text(basics, "summary"),
		"current_title", text(newest, "position"), "current_company", text(newest, "name"),
		"education_level", text(degree, "studyType"), "portfolio_url", text(basics, "url"), "resume_url", url))
	write(w, hotgigs.CandidateExperiences, experiences(resume, candidate.String())...)
	write(w, hotgigs.CandidateEducationTable, education(resume, candidate.String())...)
	write(w, hotgigs.Documents, row{"user_id": user.String(), "document_type": "resume", "file_name": filepath.Base(url),
		"file_url": url, "mime_type": "application/json"})
	return user, candidate
}

// ---- A job description -------------------------------------------------------------------------------------------------

// word is a word of the format, and ours for it. The first that the text begins with counts.
type word struct{ theirs, ours string }

var (
	types = []word{{"Full", "full_time"}, {"Part", "part_time"}, {"Contract", "contract"}, {"Freelance", "freelance"},
		{"Intern", "internship"}, {"", "full_time"}}
	levels = []word{{"Junior", "entry"}, {"Entry", "entry"}, {"Mid", "mid"}, {"Senior", "senior"}, {"Lead", "senior"},
		{"Executive", "executive"}}
	remotes     = []word{{"Full", "remote"}, {"Hybrid", "hybrid"}, {"None", "on_site"}}
	skillLevels = []word{{"Beginner", "beginner"}, {"Intermediate", "intermediate"}, {"Advanced", "advanced"},
		{"Master", "expert"}, {"Expert", "expert"}}
)

func translate(words []word, what string) string {
	for _, w := range words {
		if len(what) >= len(w.theirs) && strings.EqualFold(what[:len(w.theirs)], w.theirs) {
			return w.ours
		}
	}
	return ""
}

var beyondSlugs = regexp.MustCompile("[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")

// slugOf is lower-case letters, digits and hyphens; letters beyond ASCII stay as they are.
func slugOf(name string) string {
	lower := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, name)
	return strings.Trim(beyondSlugs.ReplaceAllString(lower, "-"), "-")
}

var salary = regexp.MustCompile(`^(\d{1,9})(?:-(\d{1,9}))?\s*([A-Z]{1,3})?`)

// salary reads "100000", and as our own files have it "60000-80000 EUR".
func (row row) salary(what string) {
	found := salary.FindStringSubmatch(what)
	if found == nil {
		return
	}
	least, _ := strconv.Atoi(found[1])
	most := least
	if found[2] != "" {
		most, _ = strconv.Atoi(found[2])
	}
	row["salary_min"], row["salary_max"] = least, most
	row.given("salary_currency", found[3])
}

// companyOf is the company of that name, made if it is the first time.
func companyOf(w *writer, name string) hotgigs.UUID {
	company := &hotgigs.Company{ID: hotgigs.NewUUID(), Name: name, Slug: slugOf(name)}
	var stored *hotgigs.Company
	if w.err == nil {
		stored, w.err = hotgigs.Companies.Upsert(ctx, w.conn, company, hotgigs.CompanyKeySlug, hotgigs.CompanyColumnID,
			hotgigs.CompanyColumnName, hotgigs.CompanyColumnSlug)
	}
	if w.err != nil {
		return company.ID
	}
	if stored.ID == company.ID {
		w.count++
	}
	return stored.ID
}

func lines(of any, name string) string {
	var b strings.Builder
	for _, line := range members(of, name) {
		if s, ok := line.(string); ok {
			b.WriteString(s + "\n")
		}
	}
	return b.String()
}

// importJob writes a job and its skills.
func importJob(w *writer, job object) (company, id hotgigs.UUID) {
	id, company = hotgigs.NewUUID(), companyOf(w, text(job, "company"))
	name := text(job["meta"], "canonical")
	if at := strings.LastIndexByte(name, '/'); at >= 0 {
		name = name[at+1:]
	} else {
		name = text(job, "title")
	}
	names, keywords, asked := []string{}, []any{}, []row(nil)
	for _, skill := range members(job, "skills") {
		names = append(names, text(skill, "name"))
		keywords = append(keywords, members(skill, "keywords")...)
		asked = append(asked, row{"job_id": id.String(), "skill_name": text(skill, "name"),
			"skill_level": orNull(translate(skillLevels, text(skill, "level")))})
	}
	posting := row{"id": id.String(), "company_id": company.String(), "title": text(job, "title"), "slug": slugOf(name),
		"description": text(job, "description"), "job_type": translate(types, text(job, "type")), "skills": names,
		"seo_keywords": keywords}
	posting.salary(text(job, "salary"))
	write(w, hotgigs.Jobs, posting.given("requirements", lines(job, "qualifications"),
		"responsibilities", lines(job, "responsibilities"), "experience_level", translate(levels, text(job, "experience")),
		"location", place(job), "remote_type", translate(remotes, text(job, "remote"))))
	write(w, hotgigs.JobSkills, asked...)
	return company, id
}
