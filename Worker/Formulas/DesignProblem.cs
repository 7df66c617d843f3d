using System.Diagnostics;
using HpcFit.Shared.Elements;

namespace HpcFit.Worker.Formulas;

/// <summary>Why a design cannot be fitted at one element; its values must then not be used.</summary>
internal enum DesignProblem
{
    /// <summary>None.</summary>
    None,

    /// <summary>A factor level that is present in the whole cohort has no rows left, or the rows have other levels (<c>cut(x, 3)</c> of
    /// another range).</summary>
    EmptyLevel,

    /// <summary>A data-dependent term cannot be built from the observed rows.</summary>
    BasisImpossible,

    /// <summary>A column is infinite (the log of zero), which R's lm refuses.</summary>
    InvalidValue,
}

/// <summary>What is reported about an element whose design has a problem.</summary>
internal static class DesignProblemStatus
{
    /// <summary>The status of the element.</summary>
    public static ElementStatus ToStatus(this DesignProblem problem) =>
        problem switch
        {
            DesignProblem.EmptyLevel => ElementStatus.EmptyFactorLevel,
            DesignProblem.BasisImpossible => ElementStatus.BasisImpossible,
            DesignProblem.InvalidValue => ElementStatus.InvalidValue,
            _ => throw new UnreachableException($"A design that has the problem {problem}."),
        };
}
