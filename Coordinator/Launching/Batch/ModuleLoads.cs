namespace HpcFit.Coordinator.Launching.Batch;

/// <summary>The lines of a batch script that load environment modules (Environment Modules or Lmod).</summary>
internal static class ModuleLoads
{
    /// <summary>
    /// A batch script is no login shell, so <c>module</c> may have to be defined first. A module that cannot be loaded ends the job before
    /// it starts, with the message of <c>module</c> in its log.
    /// </summary>
    private const string Definition = """
        if ! type module >/dev/null 2>&1; then
          for init in /etc/profile.d/modules.sh /etc/profile.d/lmod.sh /etc/profile.d/z00_lmod.sh /usr/share/modules/init/bash; do
            if [ -r "$init" ]; then . "$init"; break; fi
          done
        fi

        """;

    /// <summary>The lines; none if there are no modules.</summary>
    public static string Lines(IReadOnlyList<string> modules) =>
        modules.Count == 0
            ? ""
            : Definition + string.Concat(modules.Select(module => $"module load {ShellQuoting.Quote(module)} || exit 127\n"));
}
