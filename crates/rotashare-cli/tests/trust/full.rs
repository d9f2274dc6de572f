//! A dataset that has every file of the contract, each with something in every column that counts.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common::{Run, run};

/// What nobody may read who does not answer for it: kinds of leave, notes, addresses.
pub(crate) const SECRETS: [&str; 4] =
    ["SECRET-KIND-MATERNITY", "secret.address@example.org", "SECRET-NOTE-WARD", "SECRET-KIND-SICK"];

/// The files, `network.toml` last.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("specialties.csv", "specialty,name\n320,Cardiology\n"),
    ("bank_holidays.csv", "date,name,nation\n2027-03-12,Founder's day,england\n"),
    ("trusts.csv", "trust,name,nation\nRJ1,Guy's and St Thomas',england\nRN7,Dartford,england\n"),
    (
        "sites.csv",
        "site,trust,name,postcode,latitude,longitude\n\
         RJ121,RJ1,Guy's,SE1 9RT,51.5035,-0.0868\n\
         RJ122,RJ1,St Thomas',SE1 7EH,51.4980,-0.1189\n\
         RN707,RN7,Darent Valley,DA2 8DA,51.4350,0.2587\n",
    ),
    (
        "travel.csv",
        "from_site,to_site,minutes,miles,depart_from,depart_to\n\
         RJ121,RN707,60,18.5,,\nRJ122,RN707,60,,,\nRJ121,RJ122,20,,07:00,10:00\n",
    ),
    (
        "consultants.csv",
        "consultant,name,trust,base_site,fte,working_days,target_hours,max_hours,\
         max_away_days_per_week,active_from,active_to,email\n\
         9900001,Dr Ada Moss,RJ1,RJ121,1.0,MTWTF--,16,60,2,2026-01-01,2028-01-01,secret.address@example.org\n\
         9900002,Dr Ben Reed,RJ1,RJ122,0.8,MTWT---,12,40,2,,,secret.address@example.org\n\
         9900003,Dr Cy Lane,RN7,RN707,1.0,MTWTF--,,,,,,secret.address@example.org\n",
    ),
    (
        "accreditations.csv",
        "consultant,specialty,subspecialty,valid_from,valid_to\n\
         9900001,320,echo,2020-01-01,2030-01-01\n9900002,320,,,\n9900003,320,,,\n",
    ),
    (
        "authorisations.csv",
        "consultant,trust,site,specialty,instrument,valid_from,valid_to\n\
         9900001,RN7,RN707,320,honorary-contract,2026-01-01,2027-12-31\n\
         9900002,RN7,,,passport,,2027-03-05\n",
    ),
    (
        "job_plans.csv",
        "consultant,weekday,start,end,weeks,activity,site,firmness,pas,valid_from,valid_to\n\
         9900001,monday,09:00,13:00,all,DCC,RJ121,fixed,1,2026-01-01,2028-01-01\n\
         9900002,wednesday,09:00,13:00,nth:1,SPA,,movable,,,\n",
    ),
    (
        "leave.csv",
        "consultant,from,to,part,kind\n\
         9900003,2027-03-08,2027-03-12,all,SECRET-KIND-MATERNITY\n\
         9900002,2027-03-04,2027-03-04,pm,SECRET-KIND-SICK\n",
    ),
    (
        "on_call.csv",
        "consultant,from,to,start,end,kind\n9900002,2027-03-02,2027-03-03,20:00,08:00,on-call\n",
    ),
    (
        "clinics.csv",
        "clinic,site,specialty,weekday,start,end,subspecialty,weeks,consultants,priority,\
         named_consultant,room,pas,new_slots,follow_up_slots,bank_holidays,valid_from,valid_to\n\
         DVH-A,RN707,320,tue,09:00,13:00,,all,1,must,9900001,R1,1,6,8,skip,2026-01-01,2028-01-01\n\
         DVH-B,RN707,320,wed,09:00,13:00,,all,2,should,,R1,,,,run,,\n\
         GUY-C,RJ121,320,thu,13:30,17:30,,iso:odd,1,could,,,,,,,,\n",
    ),
    (
        "clinic_changes.csv",
        "clinic,date,change,to_date,start,end,note\n\
         DVH-A,2027-03-09,move,2027-03-11,14:00,18:00,SECRET-NOTE-WARD\n",
    ),
    (
        "sessions.csv",
        "session,site,specialty,date,start,end,clinic,subspecialty,consultants,priority,\
         named_consultant,room,pas\n\
         EXTRA-1,RN707,320,2027-03-05,14:00,17:00,DVH-A,,1,must,9900003,R2,0.75\n",
    ),
    ("cover.csv", "trust,specialty,keep_on_base,weekday,part,site\nRJ1,320,1,thu,am,RJ121\n"),
    (
        "agreements.csv",
        "agreement,lender,host,specialty,min_sessions,max_sessions,price_per_session,mileage_pence,\
         max_cost,valid_from,valid_to\n\
         GD,RJ1,RN7,320,1,20,420.50,56,20000,2026-01-01,2028-01-01\n",
    ),
    (
        "preferences.csv",
        "consultant,points,site,specialty,clinic,weekday,part\n9900001,-5,RN707,320,DVH-A,tue,am\n",
    ),
    ("pins.csv", "session,consultant,pin\nDVH-A@2027-03-02,9900001,yes\n"),
    (
        "published.csv",
        "session,place,clinic,date,start,end,site,specialty,status,consultant,consultant_name,\
         employer,pinned,travel_minutes,pas,agreement\n\
         DVH-A@2027-03-02,1,DVH-A,2027-03-02,09:00,13:00,RN707,320,assigned,9900001,Dr Ada Moss,RJ1,yes,120,1,GD\n",
    ),
    ("history.csv", "consultant,away_days,hours,weeks\n9900001,3,120,4\n"),
    (
        "network.toml",
        "name = \"Two trusts\"\ntimezone = \"Europe/London\"\ncycle_anchor = 2027-03-01\n\n\
         [horizon]\nfrom = 2027-03-01\nto = 2027-03-14\n\n[weights]\ncontinuity = 60\ncost = 1\n\n\
         [rules.notice]\ndays = 42\nfrom = \"2027-01-01\"\n",
    ),
];

/// The dataset in a folder, with a rota of it and a report of what was delivered.
pub(crate) struct Full {
    folder: TempDir,
}

impl Full {
    pub(crate) fn new() -> Self {
        let full = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(full.dir()).expect("a folder");
        for (name, text) in FILES {
            full.write(name, text);
        }
        full
    }

    /// The same, planned into `out`, with `delivered.csv` beside it.
    pub(crate) fn planned() -> Self {
        let full = Self::new();
        let plan = full.run(&["plan", "@DIR", "--out", "@OUT"]);
        assert_eq!(plan.code, Some(0), "{plan:?}");
        let delivered = "session,consultant,status\nDVH-A@2027-03-02,9900001,delivered\n";
        fs::write(full.path("DELIVERED"), delivered).expect("a file");
        full
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.path("DIR")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.dir().join(name), bytes).expect("a written file");
    }

    /// Puts the good content of a file back, whatever is in its place.
    pub(crate) fn mend(&self, name: &str) {
        remove(&self.dir().join(name));
        let text = FILES.iter().find(|(one, _)| *one == name).expect("a file of the dataset").1;
        self.write(name, text);
    }

    /// Runs the program; an argument that begins with `@` is a path here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let place = |argument: &&str| match argument.strip_prefix('@') {
            Some(name) => self.path(name),
            None => PathBuf::from(argument),
        };
        run(&arguments.iter().map(place).collect::<Vec<_>>())
    }
}

/// Takes away whatever is there.
pub(crate) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
    let _ = fs::remove_dir_all(path);
}
