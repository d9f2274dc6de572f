//! Outputs are whole or not there: killed at any moment, written by several at once, on a full or
//! read-only disk, from files that change under the reader's eyes.
//!
//! `ROTASHARE_LONG=1` kills a thousand times.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Run, names, run};
use crate::full::{FILES, Full};

/// Two datasets that differ, and what is planned from each.
struct Pair {
    full: Full,
    plans: [BTreeMap<String, String>; 2],
}

fn spawn(arguments: &[PathBuf]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rotashare"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs")
}

/// What a folder says, without what differs from run to run.
fn content(folder: &Path) -> BTreeMap<String, String> {
    names(folder)
        .into_iter()
        .map(|name| {
            let path = folder.join(&name);
            let text = if path.is_dir() {
                format!("{:?}", content(&path))
            } else {
                String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned()
            };
            let lasting = |line: &&str| {
                let keys = [
                    "\"read\"",
                    "\"compile\"",
                    "\"solve\"",
                    "\"audit\"",
                    "\"explain\"",
                    "\"write\"",
                ];
                !keys.iter().any(|key| line.trim_start().starts_with(key))
            };
            (name, text.lines().filter(lasting).collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

impl Pair {
    fn new() -> Self {
        let full = Full::new();
        fs::create_dir(full.path("OTHER")).expect("a folder");
        for (name, text) in FILES {
            let text =
                text.replace("Dr Ada Moss", "Dr Zoe Moss").replace("SECRET-KIND-SICK", "A/L");
            fs::write(full.path("OTHER").join(name), text).expect("a file");
        }
        let plans = ["@DIR", "@OTHER"].map(|dir| {
            let run = full.run(&["plan", dir, "--out", "@PLAN", "--today", "2027-01-10"]);
            assert_eq!(run.code, Some(0), "{run:?}");
            content(&full.path("PLAN"))
        });
        fs::remove_dir_all(full.path("PLAN")).expect("it was written");
        assert_ne!(plans[0], plans[1]);
        Self { full, plans }
    }

    fn plan(&self, which: usize) -> Vec<PathBuf> {
        let dir = self.full.path(["DIR", "OTHER"][which]);
        let out = self.full.path("OUT");
        ["plan".into(), dir, "--out".into(), out, "--today".into(), "2027-01-10".into()].into()
    }

    /// Which of the two plans the output folder has; `None` where there is no folder.
    fn which(&self, said: &str) -> Option<usize> {
        let out = self.full.path("OUT");
        if !out.exists() {
            return None;
        }
        let mut found = content(&out);
        found.retain(|name, _| name != "notes.txt");
        let which = self.plans.iter().position(|plan| *plan == found);
        assert!(which.is_some(), "{said}: neither the old output nor the new: {:?}", found.keys());
        which
    }

    fn leftovers(&self) -> Vec<String> {
        let mut found = names(self.full.path("OUT").parent().expect("a folder"));
        found.retain(|name| !["DIR", "OTHER", "OUT"].contains(&name.as_str()));
        found
    }
}

/// Draws for moments; the seed is fixed, the machine is not.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}

/// Kills a run: after so many microseconds, or so many after it began to write.
fn kill(mut child: Child, beside: &Path, after: u64, at_writing: bool) -> bool {
    let start = Instant::now();
    let writes = || {
        fs::read_dir(beside).is_ok_and(|mut entries| {
            entries.any(|entry| {
                entry.is_ok_and(|entry| {
                    entry.file_name().to_string_lossy().starts_with(".rotashare-")
                })
            })
        })
    };
    while at_writing && !writes() && start.elapsed() < Duration::from_secs(20) {
        if child.try_wait().expect("it can be asked").is_some() {
            return false;
        }
    }
    thread::sleep(Duration::from_micros(after));
    let was_running = child.try_wait().expect("it can be asked").is_none();
    // The standard library's kill is SIGKILL.
    let _ = child.kill();
    child.wait().expect("it ends");
    was_running
}

#[test]
fn killed_at_any_moment_the_old_output_or_the_new_is_there_whole() {
    let long = std::env::var_os("ROTASHARE_LONG").is_some();
    let kills = if long { 1000 } else { 60 };
    let pair = Pair::new();
    let mut draw = Draw(7);
    let whole = {
        let start = Instant::now();
        assert!(run(&pair.plan(0)).code == Some(0));
        u64::try_from(start.elapsed().as_micros()).expect("a short time")
    };
    fs::write(pair.full.path("OUT/notes.txt"), "mine").expect("a file");
    let beside = pair.full.path("");
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 0..kills {
        let (before, next) = (pair.which("before").expect("an output"), number % 2);
        let at_writing = number % 3 > 0;
        let after = match number % 3 {
            0 => draw.below(whole),
            1 => draw.below(4_000),
            _ => draw.below(20_000),
        };
        let hit = kill(spawn(&pair.plan(next)), &beside, after, at_writing);
        let there = pair.which(&format!("kill {number}")).expect("no output is lost");
        assert!(there == before || there == next, "kill {number}");
        assert_eq!(
            fs::read_to_string(pair.full.path("OUT/notes.txt")).expect("it is there"),
            "mine"
        );
        let kind = match (hit, there == next && next != before) {
            (true, true) => "killed, new",
            (true, false) => "killed, old or the same",
            (false, _) => "ended before",
        };
        *seen.entry(kind).or_default() += 1;
        for left in pair.leftovers() {
            assert!(left.starts_with(".rotashare-"), "kill {number} left {left}");
            fs::remove_dir_all(pair.full.path(&left)).expect("it can be deleted");
        }
    }
    let killed =
        seen.get("killed, new").unwrap_or(&0) + seen.get("killed, old or the same").unwrap_or(&0);
    eprintln!("{kills} kills of plan: {seen:?}");
    assert!(killed * 3 > kills, "{seen:?}");
    assert_eq!(run(&pair.plan(1)).code, Some(0));
    assert_eq!((pair.which("at the end"), pair.leftovers()), (Some(1), Vec::new()));
}

#[test]
fn killed_before_there_was_an_output_there_is_none_or_a_whole_one() {
    let long = std::env::var_os("ROTASHARE_LONG").is_some();
    let pair = Pair::new();
    let mut draw = Draw(11);
    for number in 0..if long { 300 } else { 20 } {
        kill(spawn(&pair.plan(0)), &pair.full.path(""), draw.below(3000), true);
        let there = pair.which(&format!("kill {number}"));
        assert!(there.is_none() || there == Some(0));
        let _ = fs::remove_dir_all(pair.full.path("OUT"));
        for left in pair.leftovers() {
            fs::remove_dir_all(pair.full.path(&left)).expect("it can be deleted");
        }
    }
}

/// Calendars belong to the index beside them: of an export all is old or all is new.
#[test]
fn an_export_killed_leaves_all_of_the_old_or_all_of_the_new() {
    let long = std::env::var_os("ROTASHARE_LONG").is_some();
    let pair = Pair::new();
    let full = &pair.full;
    for (dir, plan) in [("@DIR", "@OUT"), ("@OTHER", "@OTHER/planned")] {
        let run = full.run(&["plan", dir, "--out", plan, "--today", "2027-01-10"]);
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    let export = |which: usize, out: &Path| -> Vec<PathBuf> {
        let rota = ["OUT", "OTHER/planned"][which];
        let dir = full.path(["DIR", "OTHER"][which]);
        let mut arguments = vec!["export".into(), dir, full.path(rota), "--out".into()];
        arguments.extend([out.to_owned(), "--ics".into(), "--html".into()]);
        arguments.extend(["--today".into(), "2027-01-10".into()]);
        arguments
    };
    // Each export alone gives the whole of what it may leave.
    let sent = full.path("SENT");
    let wholes: Vec<_> = [0, 1]
        .map(|which| {
            let _ = fs::remove_dir_all(&sent);
            assert_eq!(run(&export(0, &sent)).code, Some(0));
            assert_eq!(run(&export(which, &sent)).code, Some(0));
            content(&sent)
        })
        .into();
    assert_ne!(wholes[0], wholes[1]);
    let mut draw = Draw(13);
    let mut seen = [0, 0];
    for number in 0..if long { 300 } else { 30 } {
        let _ = fs::remove_dir_all(&sent);
        assert_eq!(run(&export(0, &sent)).code, Some(0));
        let after = draw.below(if number % 2 == 0 { 4_000 } else { 40_000 });
        kill(spawn(&export(1, &sent)), &full.path(""), after, true);
        let there = wholes.iter().position(|whole| *whole == content(&sent));
        seen[there.unwrap_or_else(|| panic!("kill {number}: neither old nor new"))] += 1;
        for left in pair.leftovers().iter().filter(|left| left.starts_with(".rotashare-")) {
            fs::remove_dir_all(full.path(left)).expect("it can be deleted");
        }
    }
    eprintln!("kills of export: {seen:?} old and new");
}

#[test]
fn several_runs_on_one_output_folder() {
    let pair = Pair::new();
    for round in 0..6 {
        if round % 2 == 0 {
            let _ = fs::remove_dir_all(pair.full.path("OUT"));
        }
        let runs: Vec<Child> = (0..5).map(|number| spawn(&pair.plan(number % 2))).collect();
        for mut run in runs {
            assert_eq!(run.wait().expect("it ends").code(), Some(0), "round {round}");
        }
        assert!(pair.which(&format!("round {round}")).is_some());
        assert_eq!(pair.leftovers(), Vec::<String>::new());
    }
}

/// The program under a shell's settings; `$0 $@` is the program.
fn under(setting: &str, arguments: &[PathBuf]) -> Run {
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("{setting}; exec \"$0\" \"$@\""))
        .arg(env!("CARGO_BIN_EXE_rotashare"))
        .args(arguments)
        .output()
        .expect("there is a shell");
    Run::of(&output)
}

#[test]
fn a_file_that_may_not_grow() {
    let pair = Pair::new();
    let full = &pair.full;
    assert_eq!(run(&pair.plan(0)).code, Some(0));
    // A write beyond the limit fails, as one on a full disk does.
    let limit = "trap '' XFSZ; ulimit -f 1";
    let refused = under(limit, &pair.plan(1));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains("can't be written"), "{refused:?}");
    assert_eq!((pair.which("limited"), pair.leftovers()), (Some(0), Vec::new()));
    for command in ["export", "model", "generate", "recharge"] {
        let new = full.path("NEW");
        let mut arguments: Vec<PathBuf> = vec![command.into()];
        match command {
            "generate" => arguments.extend(
                "--consultants 50 --sites 3 --specialties 2 --clinics 40 --weeks 4"
                    .split(' ')
                    .map(PathBuf::from),
            ),
            "model" => arguments.push(full.dir()),
            _ => arguments.extend([full.dir(), full.path("OUT")]),
        }
        arguments.extend(["--out".into(), new.clone()]);
        let refused = under(limit, &arguments);
        assert_eq!(refused.code, Some(2), "{command}: {refused:?}");
        assert!(!refused.err.is_empty() && !new.exists(), "{command}: {refused:?}");
        assert_eq!(pair.leftovers(), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn a_full_device_is_told() {
    let full = Full::new();
    let model = ["model".into(), full.dir(), "--out".into(), "/dev/full".into()];
    let refused = run(&model);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains("/dev/full"), "{refused:?}");
    // Nowhere to print to, for results and for messages.
    let rules = under("exec > /dev/full", &["rules".into()]);
    assert_eq!(rules.code, Some(2), "{rules:?}");
    assert!(rules.err.contains("standard output"), "{rules:?}");
    let check = under("exec > /dev/full 2> /dev/full", &["check".into(), full.path("NONE")]);
    assert_eq!(check.code, Some(2), "{check:?}");
    let closed = under("exec >&- 2>&- <&-", &["check".into(), full.dir()]);
    assert!(matches!(closed.code, Some(0 | 2)), "{closed:?}");
}

/// A small file system of its own in a folder, where this is allowed; unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    fn new(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir(at).expect("a folder");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        mount.is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }

    fn remount(&self, options: &str) {
        let status = Command::new("mount").args(["-o", options]).arg(&self.0).status();
        assert!(status.expect("mount runs").success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_and_a_read_only_disk() {
    let pair = Pair::new();
    let disk = pair.full.path("DISK");
    let Some(mount) = Mount::new(&disk, "size=64k") else {
        eprintln!("skipped: mounting a small disk is not allowed here");
        return;
    };
    let plan = |which: usize, out: &Path| {
        let mut arguments = pair.plan(which);
        arguments[3] = out.to_owned();
        run(&arguments)
    };
    let out = disk.join("out");
    assert_eq!(plan(0, &out).code, Some(0));
    let old = content(&out);
    assert_eq!(old, pair.plans[0]);
    // All that is left goes into one file.
    let rest = fs::write(disk.join("ballast"), vec![0; 1 << 20]);
    assert!(rest.is_err(), "the disk is small");
    for out in [&out, &disk.join("new"), &disk] {
        let refused = plan(1, out);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.err.contains("space"), "{refused:?}");
    }
    assert_eq!((content(&out), names(&disk)), (old.clone(), vec!["ballast".into(), "out".into()]));
    mount.remount("remount,ro");
    for out in [&out, &disk.join("new"), &disk] {
        let refused = plan(1, out);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.err.to_lowercase().contains("read-only"), "{refused:?}");
    }
    assert_eq!((content(&out), names(&disk)), (old, vec!["ballast".into(), "out".into()]));
    // A mount itself can't be exchanged: its files are.
    mount.remount("remount,rw,size=10m");
    fs::remove_file(disk.join("ballast")).expect("it is there");
    let run = plan(1, &disk);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(names(&disk), ["gaps.csv", "out", "rota.csv", "summary.json"]);
}

#[test]
fn the_folder_one_is_in_stays_where_it_is() {
    use std::os::unix::fs::MetadataExt;
    let pair = Pair::new();
    let out = pair.full.path("OUT");
    assert_eq!(run(&pair.plan(0)).code, Some(0));
    let folder = |path: &Path| fs::metadata(path).expect("it is there").ino();
    let before = folder(&out);
    let status = Command::new(env!("CARGO_BIN_EXE_rotashare"))
        .args(["plan", "../OTHER", "--out", ".", "--today", "2027-01-10"])
        .current_dir(&out)
        .output()
        .expect("the program runs");
    assert_eq!(status.status.code(), Some(0), "{status:?}");
    assert_eq!((pair.which("from inside"), folder(&out)), (Some(1), before));
    // Through a link, the folder that it leads to is written, and the link stays.
    fs::rename(&out, pair.full.path("REAL")).expect("it can be renamed");
    std::os::unix::fs::symlink(pair.full.path("REAL"), &out).expect("a link");
    assert_eq!(run(&pair.plan(0)).code, Some(0));
    assert_eq!(pair.which("through a link"), Some(0));
    assert!(fs::symlink_metadata(&out).expect("it is there").is_symlink());
}

#[test]
fn files_that_change_while_they_are_read() {
    let pair = Pair::new();
    let full = &pair.full;
    let done = AtomicBool::new(false);
    let path = full.dir().join("consultants.csv");
    let (one, other) = (
        fs::read(&path).expect("a file"),
        fs::read(full.path("OTHER/consultants.csv")).expect("a file"),
    );
    thread::scope(|scope| {
        scope.spawn(|| {
            // In place, cut off, taken away, put back.
            while !done.load(Ordering::Relaxed) {
                for bytes in [&one[..], &other[..], &one[..one.len() / 2], &other[..]] {
                    let _ = fs::write(&path, bytes);
                    thread::yield_now();
                }
                let _ = fs::remove_file(&path);
            }
        });
        for _ in 0..60 {
            let run = full.run(&["check", "@DIR"]);
            assert!(matches!(run.code, Some(0 | 2)), "{run:?}");
            assert!(run.code != Some(2) || run.err.contains("consultants.csv"), "{run:?}");
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_clock_in_another_year() {
    let full = Full::new();
    for today in
        ["1970-01-01", "1999-12-31", "2027-03-05", "2038-01-19", "2099-12-31", "9999-12-31"]
    {
        let plan = full.run(&["plan", "@DIR", "--out", "@OUT", "--today", today]);
        assert_eq!(plan.code, Some(0), "{today}: {plan:?}");
        let replan = ["replan", "@DIR", "--from", "@OUT", "--out", "@OUT", "--today", today];
        for arguments in [
            &["audit", "@DIR", "@OUT", "--today", today][..],
            &["explain", "@DIR", "@OUT", "--today", today],
            &["export", "@DIR", "@OUT", "--out", "@SENT", "--today", today],
            &["report", "@DIR", "@OUT", "--today", today],
            &replan,
        ] {
            let run = full.run(arguments);
            assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        }
    }
}
