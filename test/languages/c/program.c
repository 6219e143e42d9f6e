// A whole program, as it stands in books.
#include <stdio.h>
#include <stdlib.h>

struct node {
  int value;
  struct node *next;
};

struct node *push(struct node *list, int value) {
  struct node *node = malloc(sizeof *node);
  node->value = value;
  node->next = list;
  return node;
}

int main(void) {
  struct node *list = NULL;
  for (int i = 0; i < 5; i++) list = push(list, i * i);
  for (struct node *node = list; node; node = node->next) printf("%d ", node->value);
  printf("\n");
  return 0;
}
// %%
struct node *kept = push(push(NULL, 1), 2);
*kept->next
// %%
int main(void) { return 3; }
