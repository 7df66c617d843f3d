namespace HpcFit.Worker.Custom;

/// <summary>The languages of functions, determined by the file's extension.</summary>
internal enum FunctionLanguage
{
    /// <summary><c>.R</c>, run by the installed Rscript.</summary>
    R,

    /// <summary><c>.py</c>, run by the installed python3.</summary>
    Python,

    /// <summary><c>.csx</c>, a C# script, run by hpcfit-script-host.</summary>
    Script,

    /// <summary><c>.dll</c>, a built assembly, run by hpcfit-script-host.</summary>
    Assembly,
}
