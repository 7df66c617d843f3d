using HpcFit.Shared.Failures;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Shared.Tests.Surfaces;

public sealed class StructureSurfacesTests(SurfaceFiles files) : IClassFixture<SurfaceFiles>
{
    private const string Left = "CIFTI_STRUCTURE_CORTEX_LEFT";
    private const string Right = "CIFTI_STRUCTURE_CORTEX_RIGHT";

    [Fact]
    public void Sides_are_structures()
    {
        StructureSurfaces.Parse("L=a.gii,R=b,c=1.gii").ShouldBe(new Dictionary<string, string> { [Left] = "a.gii", [Right] = "b,c=1.gii" });
        StructureSurfaces.Parse("r=b.gii").ShouldBe(new Dictionary<string, string> { [Right] = "b.gii" });
    }

    [Theory]
    [InlineData("a.surf.gii", "'a.surf.gii'")]
    [InlineData("X=a.surf.gii", "'X=a.surf.gii'")]
    [InlineData("L=", "'L='")]
    [InlineData("L=a,L=b", "two files for L")]
    public void Other_forms_are_refused(string text, string named) =>
        Should.Throw<UsageException>(() => StructureSurfaces.Parse(text)).Message.ShouldContain(named);

    [Fact]
    public void A_surface_of_the_other_side_is_refused()
    {
        var path = files["base64.surf.gii"]; // CortexLeft

        var surfaces = StructureSurfaces.Read(StructureSurfaces.Parse($"L={path}"));

        surfaces.Structures.ShouldBe([Left]);
        surfaces.TryFind(Left)!.Vertices.ShouldBe(30);
        surfaces.TryFind(Right).ShouldBeNull();
        Should
            .Throw<BadInputException>(() => StructureSurfaces.Read(StructureSurfaces.Parse($"R={path}")))
            .Message.ShouldContain($"'{path}' is a surface of CortexLeft, and was given for {Right}");
        StructureSurfaces
            .Read(StructureSurfaces.Parse($"R={files.Changed("base64", "CortexLeft", "Cortex")}"))
            .Structures.ShouldBe([Right]);
    }
}
