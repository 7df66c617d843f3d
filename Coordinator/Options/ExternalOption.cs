using System.CommandLine;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Options;

/// <summary><c>--allow-external</c> of the verbs that read values.</summary>
internal static class ExternalOption
{
    /// <summary>Creates the option.</summary>
    public static Option<bool> Create() =>
        SwitchOption.Create(
            "--allow-external",
            "read values that links, virtual datasets or raw files store outside the data file's folder"
        );
}
