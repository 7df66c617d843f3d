using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Reporting;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Starting;

/// <summary>The report that <c>--report</c> requests, when the results have been written: one per file.</summary>
internal static class ReportAfterRun
{
    /// <summary>
    /// Writes the reports. One that exists is kept, and one that fails is reported: the results are written in either case.
    /// </summary>
    /// <param name="written">Files with results, and where in them each analysis was written.</param>
    /// <param name="output">Receives a line for each report.</param>
    public static void Write(IEnumerable<(string File, OutputTarget Target)> written, TextWriter output)
    {
        foreach (var file in written.Where(one => one.Target.Report).GroupBy(one => one.File))
        {
            var names = file.Select(one => one.Target.Analysis).ToList();
            var request = new ReportRequest(file.Key, names, ReportOptions.DefaultPath(file.Key, names))
            {
                Overwrite = file.All(one => one.Target.Overwrite),
            };
            try
            {
                if (File.Exists(request.Output) && !request.Overwrite)
                    Console.Error.WriteLine(
                        $"WRN '{request.Output}' exists and is kept. Replace it with: "
                            + $"{TypedCommand.Line(["report", file.Key, .. names, "--overwrite"])}"
                    );
                else
                    output.WriteLine(
                        ReportOptions.Line(request.Output, Report.Write(request, ProposedRun.Version, CancellationToken.None))
                    );
            }
            catch (HpcFitException refusal)
            {
                Console.Error.WriteLine($"WRN No report was written: {refusal.Message}");
            }
            catch (IOException refusal)
            {
                Console.Error.WriteLine($"WRN No report was written: {refusal.Message}");
            }
        }
    }
}
