using System.CommandLine;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Commands;

/// <summary><c>--allow-external</c> of the verbs that read values.</summary>
internal static class ExternalOption
{
    /// <summary>The option.</summary>
    public static Option<bool> Create() =>
        SwitchOption.Create(
            "--allow-external",
            "read values that links, virtual datasets or raw files keep outside the data file's folder"
        );
}
