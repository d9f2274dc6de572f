//! The commands, a module each.

mod audit;
mod check;
mod compare;
mod explain;
mod export;
mod generate;
mod import;
mod model;
mod plan;
mod reader;
mod recharge;
mod replan;
mod report;
mod rules;
mod template;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// Plans how hospitals share their consultants: from a folder of CSV files to an audited rota.
#[derive(Parser)]
#[command(name = "rotashare", version, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  rotashare check data/gstt-dartford
  rotashare plan data/gstt-dartford --out out
  rotashare audit data/gstt-dartford out/rota.csv

Exit codes: 0 done, 1 the rota breaks a rule (audit), 2 faults in the input or the arguments,
3 the result failed its own audit and was not written.";

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Plan(plan::Args),
    Replan(replan::Args),
    Audit(audit::Args),
    Compare(compare::Args),
    Explain(explain::Args),
    Export(export::Args),
    Recharge(recharge::Args),
    Report(report::Args),
    Rules(rules::Args),
    Import(import::Args),
    Template(template::Args),
    Model(model::Args),
    Generate(generate::Args),
}

impl Cli {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Check(args) => args.run(),
            Command::Plan(args) => args.run(),
            Command::Replan(args) => args.run(),
            Command::Audit(args) => args.run(),
            Command::Compare(args) => args.run(),
            Command::Explain(args) => args.run(),
            Command::Export(args) => args.run(),
            Command::Recharge(args) => args.run(),
            Command::Report(args) => args.run(),
            Command::Rules(args) => args.run(),
            Command::Import(args) => args.run(),
            Command::Template(args) => args.run(),
            Command::Model(args) => args.run(),
            Command::Generate(args) => args.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent_and_every_command_has_examples() {
        let mut cli = super::Cli::command();
        cli.clone().debug_assert();
        for command in cli.get_subcommands_mut() {
            let name = command.get_name().to_owned();
            let help = command.render_long_help().to_string();
            assert!(help.contains(&format!("  rotashare {name}")), "{name} shows no example");
        }
    }
}
