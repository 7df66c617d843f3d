using System.CommandLine;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit run …</c>: everything from the check of the model to the written results, by local worker processes.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var analysis = new Option<string>("--analysis") { Description = "the results' name: /results/<analysis>", Required = true };
        var output = new Option<string>("--output") { Description = "the new HDF5 file for the results", Required = true };
        var overwrite = new Option<bool>("--overwrite") { Description = "replace the output file when it exists" };
        var fullLength = new Option<bool>("--full-length") { Description = "write all elements of the file, NaN outside the subset" };
        var runFolder = new Option<string?>("--run-dir") { Description = "the run directory (default: <data>.hpcfit/<run>)" };
        var workers = Count("--workers", "worker processes at a time", 1);
        var threads = Count("--threads", "threads of each worker (default: all cores)", Environment.ProcessorCount);
        var jobs = new Option<long?>("--jobs") { Description = "cut the work into so many jobs (default: enough to keep the workers busy)" };
        var perJob = new Option<long?>("--elements-per-job") { Description = "or into jobs of at most so many elements" };
        var retries = Count("--retries", "rounds added for what failing workers left", 2, least: 0);
        var onError = new Option<OnError>("--on-error") { Description = "what a corrupt chunk does: stop, or skip its elements" };
        var dryRun = new Option<bool>("--dry-run") { Description = "print the plan and stop" };

        var command = new Command("run", "Fit a model at every element and write the results");
        model.AddTo(command);
        foreach (var option in (Option[])[analysis, output, overwrite, fullLength, runFolder, workers, threads, jobs, perJob, retries, onError, dryRun]) command.Options.Add(option);
        command.SetAction(line => ProgramHost.Run(logFile: null, services: null, (services, token) =>
        {
            var target = new OutputTarget
            {
                Analysis = line.GetRequiredValue(analysis),
                OutputFile = Path.GetFullPath(line.GetRequiredValue(output)),
                FullLength = line.GetValue(fullLength),
                Overwrite = line.GetValue(overwrite),
            };
            if (File.Exists(target.OutputFile) && !target.Overwrite)
                throw new BadInputException($"'{target.OutputFile}' exists. Choose another --output, or replace it with --overwrite.");
            UndoJournal.RefuseIfPresent(model.Data(line));
            var options = new LocalRunOptions(
                line.GetValue(runFolder),
                target,
                new() { Workers = line.GetValue(workers), Threads = line.GetValue(threads), Jobs = line.GetValue(jobs), ElementsPerJob = line.GetValue(perJob) },
                line.GetValue(retries),
                line.GetValue(onError),
                line.GetValue(dryRun));
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger<LocalRun>();
            return new LocalRun(log).ExecuteAsync(model.ToSpec(line), options, token).GetAwaiter().GetResult();
        }));
        return command;
    }

    private static Option<int> Count(string name, string description, int otherwise, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least) result.AddError($"{name} is {result.GetValueOrDefault<int>()}; a number of {least} or more was expected.");
        });
        return option;
    }
}
