//! `rotashare explain`, and what it must not say.

use crate::common::Dataset;

/// Two trusts with diaries, kinds of leave and addresses, and a rota with empty places.
fn with_secrets() -> Dataset {
    let dataset = Dataset::small();
    dataset.write(
        "consultants.csv",
        "consultant,name,trust,base_site,fte,email\n\
         9900001,Dr Ada Moss,RJ1,RJ121,1.0,ada.moss@example.nhs.uk\n\
         9900002,Dr Ben Reed,RJ1,RJ122,0.8,ben.reed@example.nhs.uk\n\
         9900003,Dr Cy Lane,RN7,RN707,1.0,cy.lane@example.nhs.uk\n",
    );
    dataset.write(
        "leave.csv",
        "consultant,from,to,kind\n\
         9900001,2027-03-02,2027-03-02,chemotherapy\n\
         9900003,2027-03-08,2027-03-12,bereavement\n",
    );
    dataset.write(
        "job_plans.csv",
        "consultant,weekday,start,end,activity\n\
         9900001,wed,09:00,12:00,Tribunal\n\
         9900003,tue,09:00,12:00,Outreach\n",
    );
    dataset.plan("OUT", &["--engine", "compact"]);
    dataset
}

const KINDS: [&str; 4] = ["chemotherapy", "bereavement", "example.nhs.uk", "nhs"];

#[test]
fn a_session_and_the_whole_rota_are_explained() {
    let dataset = with_secrets();
    let today = ["--today", "2027-01-15"];
    let explain = |more: &[&str]| {
        let run = dataset.run(&[&["explain", "DIR", "OUT"], more, &today].concat());
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    };
    let whole = explain(&[]).out;
    assert!(whole.contains("What would fill the most"), "{whole}");
    assert!(whole.contains("authorisations.csv, line 3: valid_to 2027-03-14"), "{whole}");
    let one = explain(&["DVH-B@2027-03-10"]).out;
    assert!(one.contains("fixed duty Tribunal Wed 10 Mar 2027"), "{one}");
    assert!(one.contains("honorary contract at RN7 ended Fri 5 Mar 2027"), "{one}");
    assert!(one.contains("on leave Mon 8 Mar 2027 to Fri 12 Mar 2027"), "{one}");
    for more in [&["--json"][..], &["DVH-B@2027-03-10", "--json"]] {
        let json: serde_json::Value = serde_json::from_str(&explain(more).out).expect("JSON");
        assert!(json["suggestions"].is_array());
    }
    for text in [&whole, &one] {
        assert!(!KINDS.iter().any(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn a_trust_is_told_only_what_it_may_know() {
    let dataset = with_secrets();
    // A warning about somebody's row, which is not for everybody either.
    dataset
        .write("clinic_changes.csv", "clinic,date,change,note\nGUY-C,2027-03-05,cancel,secret\n");
    let sessions = ["DVH-A@2027-03-02", "DVH-A@2027-03-09", "DVH-B@2027-03-03", "DVH-B@2027-03-10"];
    let others = [("RN7", ["Tribunal", "GUY-C"]), ("RJ1", ["Outreach", "DVH-"])];
    for (reader, secrets) in others {
        let of_reader: &[&str] = if reader == "RN7" { &sessions } else { &["GUY-C@2027-03-04"] };
        let asked = of_reader.iter().map(|session| vec![*session]).chain([vec![]]);
        for json in [&[][..], &["--json"]] {
            for session in asked.clone() {
                let base = ["explain", "DIR", "OUT", "--for", reader, "--today", "2027-01-15"];
                let run = dataset.run(&[&base[..], &session[..], json].concat());
                assert_eq!(run.code, Some(0), "{run:?}");
                let all = format!("{}{}", run.out, run.err);
                for word in KINDS.iter().chain(&secrets) {
                    assert!(!all.contains(word), "{reader} reads {word}: {all}");
                }
            }
        }
    }
    let unseen = ["explain", "DIR", "OUT", "GUY-C@2027-03-04", "--for", "RN7"];
    let run = dataset.run(&unseen);
    assert_eq!(run.code, Some(2));
    let unknown = dataset.run(&["explain", "DIR", "OUT", "--for", "RN77"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("did you mean RN7?"), "{}", unknown.err);
}
