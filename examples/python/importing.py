"""importing.py - a JSON Resume (jsonresume.org) or a job description as rows; part of story.py, as ../json is of
hotgigs-demo.

A member that the format knows and the schema does not is left out; ../data/README.md has the list.
"""

import json
import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import hotgigs

Json = Dict[str, Any]


def text(of: Any, name: str) -> str:
    """A text member of an object; "" if it is missing or something else."""
    value = of.get(name) if isinstance(of, dict) else None
    return value if isinstance(value, str) else ""


def members(of: Any, name: str) -> List[Any]:
    value = of.get(name) if isinstance(of, dict) else None
    return value if isinstance(value, list) else []


def given(**columns: str) -> Json:
    """Those that are not empty."""
    return {name: value for name, value in columns.items() if value}


def place(of: Any) -> str:
    location = of.get("location")
    return ", ".join(part for part in (text(location, "city"), text(location, "countryCode")) if part)


def write(door: Any, table: hotgigs.Table, rows: List[Json]) -> int:
    """Writes JSON objects, named like the columns, as rows. Gives how many."""
    if rows:
        door.insert_many(table.from_json(json.dumps(rows, default=str)))
    return len(rows)


# ---- A résumé ------------------------------------------------------------------------------------------------------

def whole_date(date: str) -> str:
    """2014, 2014-06 and 2014-06-29 are dates there; ours have a day. "" stays ""."""
    return date + "0000-01-01"[len(date):] if len(date) in (4, 7, 10) else ""


def experience_years(resume: Json) -> Json:
    """From the first day of the first job to the last day of the last, or to the date of the résumé."""
    today = text(resume.get("meta"), "lastModified")[:10]
    days = []
    for job in members(resume, "work"):
        for day in (text(job, "startDate"), text(job, "endDate") or today):
            if whole_date(day):
                days.append(date.fromisoformat(whole_date(day)))
    return {"experience_years": (max(days) - min(days)).days // 365} if days and min(days) < max(days) else {}


def names(name: str) -> Json:
    """What is behind the last space is taken for the family's; a name without space, as in Chinese, stays whole."""
    first, space, last = name.rpartition(" ")
    return given(first_name=first, last_name=last) if space else given(first_name=name)


def skills(resume: Json) -> List[Json]:
    """{name, level}, and each keyword as one more."""
    found = []
    for skill in members(resume, "skills"):
        found.append(given(name=text(skill, "name"), level=text(skill, "level")))
        found += [{"name": keyword} for keyword in members(skill, "keywords")]
    return found


def experiences(resume: Json, candidate: uuid.UUID) -> List[Json]:
    return [{"candidate_id": candidate, "company_name": text(job, "name"), "job_title": text(job, "position"),
             "description": text(job, "summary") or None, "start_date": whole_date(text(job, "startDate")),
             "end_date": whole_date(text(job, "endDate")) or None, "is_current": not whole_date(text(job, "endDate")),
             "location": text(job, "location") or None, "achievements": members(job, "highlights")}
            for job in members(resume, "work") if whole_date(text(job, "startDate"))]    # the schema wants a first day


def education(resume: Json, candidate: uuid.UUID) -> List[Json]:
    """"4.0" is a grade point average; "first class" and "92 %" are grades, too, but not numbers below 10."""
    rows = []
    for school in members(resume, "education"):
        score = text(school, "score")
        is_gpa = re.fullmatch(r"\d(\.\d{1,2})?", score) is not None
        rows.append({"candidate_id": candidate, "institution_name": text(school, "institution"),
                     "degree": text(school, "studyType") or None, "field_of_study": text(school, "area") or None,
                     "start_date": whole_date(text(school, "startDate")) or None,
                     "end_date": whole_date(text(school, "endDate")) or None, "gpa": score if is_gpa else None,
                     "description": None if is_gpa else score or None, "achievements": members(school, "courses")})
    return rows


def profile_url(basics: Json, network: str) -> str:
    return next((text(one, "url") for one in members(basics, "profiles") if text(one, "network") == network), "")


def import_resume(conn: hotgigs.Connection, resume: Json, url: str) -> Tuple[uuid.UUID, uuid.UUID, int]:
    """A user, his two profiles, his experiences, education, and the document itself. Gives the user's id, the
    candidate's, and how many rows."""
    basics, user, candidate = resume["basics"], hotgigs.new_id(), hotgigs.new_id()
    newest, degree = [next(iter(members(resume, name)), None) for name in ("work", "education")]
    count = write(conn.users, hotgigs.users, [{
        "id": user, **names(text(basics, "name")), "user_type": "candidate",
        **given(email=text(basics, "email"), phone=text(basics, "phone"), profile_image_url=text(basics, "image"))}])
    count += write(conn.user_profiles, hotgigs.user_profiles, [{"user_id": user, **given(
        bio=text(basics, "summary"), location=place(basics), website_url=text(basics, "url"),
        github_url=profile_url(basics, "GitHub"), linkedin_url=profile_url(basics, "LinkedIn"))}])
    count += write(conn.candidate_profiles, hotgigs.candidate_profiles, [{
        "id": candidate, "user_id": user, **experience_years(resume), "skills": skills(resume),
        "languages": members(resume, "languages"), "visibility_settings": {"profile_public": True}, **given(
            headline=text(basics, "label"), summary=text(basics, "summary"), current_title=text(newest, "position"),
            current_company=text(newest, "name"), education_level=text(degree, "studyType"),
            portfolio_url=text(basics, "url"), resume_url=url)}])
    count += write(conn.candidate_experiences, hotgigs.candidate_experiences, experiences(resume, candidate))
    count += write(conn.candidate_education, hotgigs.candidate_education, education(resume, candidate))
    count += write(conn.documents, hotgigs.documents, [{
        "user_id": user, "document_type": "resume", "file_name": Path(url).name, "file_url": url,
        "mime_type": "application/json"}])
    return user, candidate, count


# ---- A job description ---------------------------------------------------------------------------------------------

#: Words of the format, and ours for them. The first that the text begins with counts.
TYPES = {"Full": "full_time", "Part": "part_time", "Contract": "contract", "Freelance": "freelance",
         "Intern": "internship", "": "full_time"}
LEVELS = {"Junior": "entry", "Entry": "entry", "Mid": "mid", "Senior": "senior", "Lead": "senior",
          "Executive": "executive", "": ""}
REMOTES = {"Full": "remote", "Hybrid": "hybrid", "None": "on_site", "": ""}
SKILL_LEVELS = {"Beginner": "beginner", "Intermediate": "intermediate", "Advanced": "advanced", "Master": "expert",
                "Expert": "expert", "": ""}


def translate(words: Dict[str, str], what: str) -> str:
    return next(ours for theirs, ours in words.items() if what.lower().startswith(theirs.lower()))


def slug_of(name: str) -> str:
    """Lower-case letters, digits and hyphens; letters beyond ASCII stay as they are."""
    lower = re.sub("[A-Z]", lambda found: found[0].lower(), name)
    return re.sub(r"[\x00-\x2f\x3a-\x60\x7b-\x7f]+", "-", lower).strip("-")


def salary(what: str) -> Json:
    """"100000", and as our own files have it "60000-80000 EUR"."""
    found = re.match(r"(\d{1,9})(?:-(\d{1,9}))?", what)
    currency = re.match(r"[0-9-]+\s*([A-Z]{1,3})", what)
    row: Json = {}
    if found:
        row = {"salary_min": int(found[1]), "salary_max": int(found[2] or found[1])}
    return {**row, **({"salary_currency": currency[1]} if currency else {})}


def company_of(conn: hotgigs.Connection, name: str) -> Tuple[uuid.UUID, int]:
    """The company of that name, made if it is the first time: 1."""
    key = hotgigs.new_id()
    company = conn.companies.upsert("slug", id=key, name=name, slug=slug_of(name))
    return company.id, int(company.id == key)


def lines(of: Json, name: str) -> str:
    return "".join(f"{line}\n" for line in members(of, name) if isinstance(line, str))


def import_job(conn: hotgigs.Connection, job: Json) -> Tuple[uuid.UUID, uuid.UUID, int]:
    """A job and its skills. Gives the company's id, the job's, and how many rows."""
    key, wanted = hotgigs.new_id(), members(job, "skills")
    company, count = company_of(conn, text(job, "company"))
    canonical: Optional[str] = text(job.get("meta"), "canonical")
    name = canonical.rpartition("/")[2] if canonical and "/" in canonical else text(job, "title")
    count += write(conn.jobs, hotgigs.jobs, [{
        "id": key, "company_id": company, "title": text(job, "title"), "slug": slug_of(name),
        "description": text(job, "description"), "job_type": translate(TYPES, text(job, "type")),
        "skills": [text(skill, "name") for skill in wanted],
        "seo_keywords": [word for skill in wanted for word in members(skill, "keywords")],
        **salary(text(job, "salary")), **given(
            requirements=lines(job, "qualifications"), responsibilities=lines(job, "responsibilities"),
            experience_level=translate(LEVELS, text(job, "experience")), location=place(job),
            remote_type=translate(REMOTES, text(job, "remote")))}])
    count += write(conn.job_skills, hotgigs.job_skills, [
        {"job_id": key, "skill_name": text(skill, "name"),
         "skill_level": translate(SKILL_LEVELS, text(skill, "level")) or None} for skill in wanted])
    return company, key, count
