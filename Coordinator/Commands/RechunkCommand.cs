using System.CommandLine;
using HpcFit.Coordinator.Imaging.Rechunking;
using HpcFit.Coordinator.Options;
using HpcFit.Coordinator.Options.Images;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit rechunk IN OUT</c>: rewrites a file with chunks that contain all subjects.</summary>
internal static class RechunkCommand
{
    public static Command Create()
    {
        var input = TextOption.Argument("IN", "an HDF5 file in the ModelArray layout");
        var output = TextOption.Argument("OUT", "the new file");
        var storage = new StorageOptions();
        var spool = ImageOptions.Text(
            "--spool-dir",
            TextOption.Folder,
            "the folder for temporary storage if the file is stored subject by subject (default: the output's)"
        );
        var external = ExternalOption.Create();
        var overwrite = SwitchOption.Create("--overwrite", "replace an existing output");
        var command = new Command(
            "rechunk",
            "Rewrite a file whose layout 'inspect' warns about, with chunks that contain all subjects, in bounded memory"
        )
        {
            input,
            output,
        };
        foreach (var option in (Option[])[.. storage.Options, spool, overwrite, external])
            command.Options.Add(option);
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (services, token) =>
                {
                    using var watch = MetadataTimeoutOption.Watch(line, token);
                    new Rechunk(services.GetRequiredService<ILoggerFactory>().CreateLogger<Rechunk>()).Execute(
                        new()
                        {
                            Input = Path.GetFullPath(line.GetRequiredValue(input)),
                            Output = Path.GetFullPath(line.GetRequiredValue(output)),
                            Storage = storage.Read(line),
                            Type = storage.Type(line),
                            SpoolFolder = line.GetValue(spool),
                            Overwrite = line.GetValue(overwrite),
                            AllowExternal = line.GetValue(external),
                            MetadataTimeout = MetadataTimeoutOption.Read(line),
                        },
                        token
                    );
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
