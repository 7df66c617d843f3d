using System.CommandLine;
using System.Text;
using HpcFit.Coordinator.Help;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>hpcfit man DIR</c>: writes manual pages, made from the declarations of options, into <c>DIR/man1</c>.</summary>
internal static class ManCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="root">The program, of which the pages describe all verbs.</param>
    public static Command Create(RootCommand root)
    {
        var folder = TextOption.Argument("DIR", "the folder of manual pages, such as ~/.local/share/man; man1 in it is created");
        var command = new Command("man", "Write manual pages: hpcfit(1), and hpcfit-VERB(1) for each command") { folder };
        command.SetAction(line =>
            ProgramHost.Run(
                logFile: null,
                services: null,
                (_, _) =>
                {
                    var section = Path.Combine(Path.GetFullPath(line.GetRequiredValue(folder)), "man1");
                    var pages = Pages(root);
                    Directory.CreateDirectory(section);
                    foreach (var (name, text) in pages)
                        WholeFile.Write(Path.Combine(section, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
                    Console.WriteLine($"{pages.Count} pages in {section}. To read them: man -M {Path.GetDirectoryName(section)} hpcfit");
                    return ExitCode.Success;
                }
            )
        );
        return command;
    }

    private static List<(string Name, string Text)> Pages(RootCommand root)
    {
        var version = ProgramVersion.FromAssembly(typeof(ManCommand).Assembly).Number;
        var verbs = CompletionCommand.Shown(root);
        return
        [
            ("hpcfit.1", ManualPage.OfProgram(root.Description ?? "", verbs, version)),
            .. verbs.Select(verb => ($"hpcfit-{verb.Name}.1", ManualPage.OfVerb(verb, HelpPages.ExamplesOf(verb), version))),
        ];
    }
}
