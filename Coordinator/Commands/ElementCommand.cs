using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit element …</c>: one element's data frame as CSV, or what a function answers there: to prototype custom models with.</summary>
internal static class ElementCommand
{
    public static Command Create()
    {
        var (data, custom) = (new DataOptions(), new CustomOptions());
        var id = new Option<long>("--id") { Description = "the element, counted from 0 as in element_id", Required = true };
        var column = new Option<string[]>("--column") { Description = "add a column: 'osex=ordered(sex, levels=c(\"F\",\"M\"))'; may be repeated", DefaultValueFactory = _ => [] };
        var noCheckNames = new Option<bool>("--no-check-names") { Description = "keep the cohort's column names as they are written" };
        var command = new Command("element", "Show one element's data as CSV; with --function, what the function answers there and what it would cost") { id, column, noCheckNames };
        foreach (var option in (Option[])[.. data.Sources, .. custom.Options]) command.Options.Add(option);
        command.SetAction(line => ProgramHost.Run(logFile: null, services: null, (_, token) =>
        {
            var spec = new RunSpec
            {
                Model = new() { Engine = custom.Engine, Custom = custom.Read(line) },
                Data = data.Read(line, hasTarget: false),
                Cohort = new() { CheckNames = !line.GetValue(noCheckNames), DerivedColumns = line.GetValue(column) ?? [], MergeOn = data.MergeOn(line) },
            };
            return WorkerVerb.Run(spec, ["element", "--id", $"{line.GetValue(id)}"], token);
        }));
        return command;
    }
}
